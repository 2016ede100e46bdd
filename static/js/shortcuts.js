// Keys that press what carries data-keys: one key, or two one after the other ("g d"). Each is a link or a field that also
// stands on the page, so a key does nothing that cannot be pressed. Whoever has switched them off has no such file loaded.

const PAUSE = 1500;
const typing = (element) => element.closest?.("input, textarea, select, [contenteditable], [role=application]");
let before = null;

/** What of the page the keys press: what can be seen, if there is a choice. */
function meant(keys) {
  const found = [...document.querySelectorAll("[data-keys]")].filter((element) => element.dataset.keys === keys);
  return found.find((element) => element.checkVisibility()) ?? found.find((element) => element.matches("a"));
}

function follow(element) {
  if (element.matches("input")) {
    element.focus();
    element.select();
  } else {
    element.click();
  }
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat || typing(event.target)) return;
  if (event.key === "Shift") return;
  const first = before && event.timeStamp - before.at < PAUSE ? `${before.key} ` : "";
  before = first ? null : { key: event.key, at: event.timeStamp };
  const element = meant(first + event.key);
  if (!element) return;
  event.preventDefault();
  before = null;
  follow(element);
});
