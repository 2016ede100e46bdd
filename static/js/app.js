// What every page needs of JavaScript. Nothing depends on it: each page also works without.

const announcer = document.getElementById("announcer");

/** Say something to those who do not see the page change. */
export function announce(words) {
  if (!announcer) return;
  announcer.textContent = "";
  // A change in a later turn is read out even when the words are the same.
  setTimeout(() => { announcer.textContent = words; }, 50);
}

const openMenus = () => document.querySelectorAll("details[data-menu][open]");

function closeMenus(event) {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    menu.open = false;
    if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
  }
}

function closeOthers(event) {
  for (const menu of openMenus()) {
    // Pressing a label inside a menu first moves the focus to what surrounds it: that is not leaving the menu.
    const surrounds = event.type === "focusin" && event.target.contains(menu);
    if (!menu.contains(event.target) && !surrounds) menu.open = false;
  }
}

// A button that copies what a field holds; without JavaScript it is not there.
for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      announce("The address is copied.");
      button.textContent = "Copied";
    } catch {
      announce("It could not be copied. The address is selected: copy it by hand.");
    }
  });
}

document.addEventListener("keydown", closeMenus);
document.addEventListener("click", closeOthers);
document.addEventListener("focusin", closeOthers);

// What stands on the first sheet of paper stands on each of them.
const paperLine = document.querySelector("[data-paper-line]");
if (paperLine) {
  document.documentElement.dataset.onPaper = "";
  document.documentElement.style.setProperty("--paper-line", JSON.stringify(paperLine.textContent.trim()));
}

// After an error the summary is where the reader should be.
document.querySelector("[data-error-summary]")?.focus();

// htmx keeps the focus on an element with the same id. Where that is gone, it goes to what was put in its place, so that
// the keyboard does not start again from the top; and what has changed is said: data-announce, or the new heading.
let focusWasInside = false;

document.addEventListener("htmx:beforeSwap", (event) => {
  focusWasInside = event.detail.target.contains(document.activeElement);
});

document.addEventListener("htmx:afterSettle", (event) => {
  const target = event.detail.target?.isConnected ? event.detail.target : event.detail.elt;
  if (!target?.isConnected) return;
  const summary = target.querySelector("[data-error-summary]");
  if (summary) {
    summary.focus();
  } else if (focusWasInside && document.activeElement === document.body) {
    const next = target.querySelector("[autofocus]") ?? target;
    if (!next.hasAttribute("tabindex") && next === target) next.tabIndex = -1;
    next.focus({ preventScroll: true });
  }
  const words = target.querySelector("[data-announce]") ?? (target.matches("[data-announce]") ? target : null);
  if (words) announce(words.dataset.announce || words.textContent.trim());
});

document.addEventListener("htmx:sendError", () => announce("The server cannot be reached. Nothing was changed."));
document.addEventListener("htmx:responseError", () => announce("That did not work. Nothing was changed."));
