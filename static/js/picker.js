// The picker of people and organisations: a combobox (WAI-ARIA pattern, with a listbox) over fields that work without it.
// data-picker="people" or "organisations": a text area becomes a box of chips; "text": a text field gets suggestions.

const WAIT = 150;
let made = 0;

/** Say something to those who do not see the list change. */
function announce(words) {
  const place = document.getElementById("announcer");
  if (!place) return;
  place.textContent = "";
  setTimeout(() => { place.textContent = words; }, 50);
}

function element(tag, attributes = {}) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/** The text of a fragment of this site; an error if it cannot be had, or if it is another page, as that of signing in. */
async function fetchFragment(url, options = {}) {
  const response = await fetch(url, { credentials: "same-origin", ...options });
  if (response.redirected || !response.ok) throw new Error(response.statusText);
  return { html: await response.text(), isMade: response.status === 201 };
}

function withParameter(url, name, value) {
  const address = new URL(url, document.baseURI);
  address.searchParams.set(name, value);
  return address;
}

/**
 * A text field with a list of suggestions, of which Enter takes the first one. `choose` is called with the option.
 * `mayStay`: text may stay as it is, so Enter sends the form once there is nothing more to choose.
 */
class Combobox {
  constructor(input, frame, { url, choose, mayStay = false, fail = () => {} }) {
    Object.assign(this, { input, url, choose, mayStay, fail, active: -1, shown: "", settled: null });
    this.list = element("ul", { class: "picker-list", role: "listbox", id: `picker-list-${++made}`, "aria-label": "Suggestions" });
    this.list.hidden = true;
    frame.append(this.list);
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(roles)) input.setAttribute(name, value);
    input.autocomplete = "off";
    input.addEventListener("input", () => this.schedule());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
    // The field keeps the focus while one presses on the list.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.take(event.target.closest("[role=option]")));
  }

  get text() { return this.input.value.trim(); }
  get isOpen() { return !this.list.hidden; }
  get options() { return [...this.list.querySelectorAll("[role=option]:not([aria-disabled])")]; }

  schedule() {
    clearTimeout(this.timer);
    this.isAwaited = false;
    if (!this.text) { this.close(); return; }
    this.timer = setTimeout(() => this.search(), WAIT);
  }

  async search() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.request = new AbortController();
    const text = this.text;
    try {
      const { html } = await fetchFragment(withParameter(this.url, "q", text), { signal: this.request.signal });
      if (text === this.text && document.activeElement === this.input) this.show(html, text);
    } catch (error) {
      if (error.name !== "AbortError") { this.close(); this.fail(); }
    }
  }

  show(html, text) {
    this.list.innerHTML = html;
    this.options.forEach((option, index) => { option.id = `${this.list.id}-${index}`; });
    this.shown = text;
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    // What is added, where nothing is found, is chosen by the arrows alone: Enter on a name typed in full adds nobody.
    this.activate(this.mayStay && "add" in (this.options[0]?.dataset ?? {}) ? -1 : 0);
    // On a telephone the keyboard leaves little room: what was typed goes to the top, and the list is seen below it.
    const room = window.visualViewport?.height ?? window.innerHeight;
    if (this.list.getBoundingClientRect().bottom > room) this.list.parentElement.scrollIntoView({ block: "start" });
    const found = this.options.filter((option) => !("add" in option.dataset)).length;
    if (this.isAwaited && found) { this.take(this.options[0]); return; }
    announce(found === 0 ? "Nothing found." : found === 1 ? "1 result." : `${found} results.`);
  }

  close() {
    clearTimeout(this.timer);
    this.request?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.activate(-1);
  }

  activate(index) {
    const options = this.options;
    options[this.active]?.setAttribute("aria-selected", "false");
    this.active = options.length && index >= 0 ? index % options.length : -1;
    const option = options[this.active];
    if (!option || !this.isOpen) { this.input.removeAttribute("aria-activedescendant"); return; }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  take(option) {
    if (!option || option.hasAttribute("aria-disabled")) return;
    this.close();
    this.choose(option);
    this.settled = this.text;
  }

  press(event) {
    if (event.isComposing) return;
    const last = this.options.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!this.isOpen) { if (this.text) this.search(); return; }
      if (event.key === "ArrowDown") this.activate(this.active + 1);
      else this.activate(this.active <= 0 ? last : this.active - 1);
    } else if (event.key === "Escape" && this.isOpen) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
      this.settled = this.text;
    } else if (event.key === "Enter") {
      this.enter(event);
    }
  }

  enter(event) {
    if (this.isOpen && this.active >= 0 && this.shown === this.text) {
      event.preventDefault();
      this.take(this.options[this.active]);
    } else if (this.text && !(this.mayStay && (this.settled === this.text || (this.isOpen && this.shown === this.text)))) {
      // Not yet what it should be: look first, and do not send the form with half a name.
      event.preventDefault();
      this.isAwaited = true;
      this.search();
    }
  }
}

/** Chips and a combobox in one box, in the place of a text area, which stays for lists that are pasted. */
class ChipPicker {
  constructor(root) {
    this.root = root;
    this.name = root.dataset.name;
    this.plain = root.querySelector("[data-picker-plain]");
    this.area = this.plain.querySelector("textarea");
    this.chips = root.querySelector("[data-picker-chips]");
    this.form = this.area.form;
    this.build();
    this.putChipsBack();
    this.chips.querySelectorAll("[data-chip]").forEach((chip) => this.dress(chip));
    this.form?.addEventListener("submit", () => this.keepWhatIsTyped(), { capture: true });
  }

  build() {
    this.frame = element("div", { class: "picker" });
    this.box = element("div", { class: "picker-box" });
    this.box.classList.toggle("is-invalid", this.area.classList.contains("is-invalid"));
    this.input = element("input", { class: "picker-input", type: "text", autocapitalize: "words", spellcheck: "false", maxlength: "200" });
    this.takeNameOfArea();
    this.box.append(this.chips, this.input);
    this.frame.append(this.box);
    this.root.prepend(this.frame);
    this.plain.hidden = !this.area.value.trim();
    this.combobox = new Combobox(this.input, this.frame, {
      url: this.root.dataset.pick,
      choose: (option) => this.chosen(option),
      fail: () => this.failed(),
    });
    this.box.addEventListener("click", (event) => { if (event.target === this.box) this.input.focus(); });
    this.chips.addEventListener("click", (event) => this.removed(event.target.closest("[data-picker-remove]")));
    this.input.addEventListener("keydown", (event) => this.pressed(event));
    this.input.addEventListener("paste", (event) => this.pasted(event));
  }

  /** The label, the help and the errors of the field are now those of the combobox. */
  takeNameOfArea() {
    const plainHelp = this.plain.querySelector(".form-text")?.id;
    const described = (this.area.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== plainHelp);
    if (described.length) this.input.setAttribute("aria-describedby", described.join(" "));
    if (this.area.getAttribute("aria-invalid")) this.input.setAttribute("aria-invalid", "true");
    this.input.id = this.area.id;
    this.area.id += "_pasted";
    this.area.setAttribute("aria-label", "One a line");
    if (plainHelp) this.area.setAttribute("aria-describedby", plainHelp);
    this.area.removeAttribute("aria-invalid");
  }

  /** Those of a draft, which drafts.js has left here, instead of those that the page begins with. */
  putChipsBack() {
    const { chips } = this.root.dataset;
    if (!chips) return;
    delete this.root.dataset.chips;
    this.chips.replaceChildren(...JSON.parse(chips).map((chip) => this.makeChip(...chip)));
  }

  /** A ticked box becomes a chip with a button. */
  dress(chip) {
    chip.querySelector("input").type = "hidden";
    chip.querySelector("[data-picker-remove]").hidden = false;
  }

  nameOf(chip) { return chip.querySelector("[data-chip-name]").textContent; }

  chosen(option) {
    if ("add" in option.dataset) { this.add(option.dataset.add); return; }
    this.input.value = "";
    const { value, name, note } = option.dataset;
    if (this.isThere(value)) { announce(`${name} is chosen already.`); return; }
    this.put(this.makeChip(this.name, value, name, note));
  }

  isThere(value) {
    const same = [...(this.form ?? document).querySelectorAll(`input[name="${CSS.escape(this.name)}"]`)].find((input) => input.value === value);
    if (same?.type === "checkbox") same.checked = true;
    return Boolean(same);
  }

  makeChip(inputName, value, name, note) {
    const chip = this.root.querySelector("[data-picker-chip]").content.firstElementChild.cloneNode(true);
    Object.assign(chip.querySelector("input"), { name: inputName, value, checked: true });
    chip.querySelector("[data-chip-name]").textContent = name;
    const small = chip.querySelector("small");
    if (note) small.firstElementChild.textContent = note;
    else small.remove();
    chip.querySelector("[data-picker-remove]").setAttribute("aria-label", `Remove ${name}`);
    return chip;
  }

  put(chip) {
    this.dress(chip);
    this.chips.append(chip);
    announce(`Added ${this.nameOf(chip)}.`);
  }

  removed(button) {
    if (button) this.remove(button.closest("[data-chip]"));
  }

  remove(chip) {
    if (!chip) return;
    const name = this.nameOf(chip);
    chip.remove();
    this.input.focus();
    announce(`Removed ${name}.`);
  }

  pressed(event) {
    if (event.key === "Backspace" && !this.input.value) this.remove(this.chips.lastElementChild);
  }

  pasted(event) {
    const text = event.clipboardData?.getData("text") ?? "";
    const isList = /[\r\n\t;]/.test(text.trim()) || (text.match(/@/g) ?? []).length > 1;
    if (!isList) return;
    event.preventDefault();
    this.takeList(text.trim());
  }

  takeList(text) {
    this.addLines(text);
    const count = this.area.value.split("\n").filter((line) => line.trim()).length;
    announce(`${count === 1 ? "1 line is" : `${count} lines are`} below, to be checked when you save.`);
    this.area.focus();
  }

  addLines(text) {
    this.area.value = [this.area.value.trimEnd(), text].filter(Boolean).join("\n");
    this.plain.hidden = false;
  }

  /** What is typed, but was not chosen from the list, is not lost: it is sent as a line. */
  keepWhatIsTyped() {
    const text = this.input.value.trim();
    this.input.value = "";
    if (text) this.addLines(text);
  }

  failed() {
    this.plain.hidden = false;
    announce("The contacts cannot be reached. Type below, one a line.");
  }

  /** A new organisation is sent by its name. */
  add(text) {
    this.input.value = "";
    this.put(this.makeChip(`${this.name}_lines`, text, text, "new"));
  }
}

/** A small form for a new person, inside the big one without being nested in it. `done` is called with their chip. */
class NewPerson {
  constructor(frame, url, { done, fail, leave }) {
    Object.assign(this, { frame, url, done, fail, leaveTo: leave });
  }

  async ask(text) {
    this.cancel();
    try {
      const { html } = await fetchFragment(withParameter(this.url, "name", text));
      this.open(html);
    } catch {
      this.fail();
    }
  }

  open(html) {
    this.panelForm ??= this.makeForm();
    this.panel?.remove();
    this.frame.insertAdjacentHTML("beforeend", html);
    this.panel = this.frame.lastElementChild;
    for (const control of this.panel.querySelectorAll("input, button")) control.setAttribute("form", this.panelForm.id);
    enhance(this.panel);
    this.panel.querySelector("[data-picker-cancel]").addEventListener("click", () => this.leave());
    this.panel.addEventListener("keydown", (event) => { if (event.key === "Escape") this.leave(); });
    (this.panel.querySelector(".is-invalid") ?? this.panel.querySelector("input:not([type=hidden])")).focus();
  }

  /** The fields of the panel name this form as theirs, so Enter in them, and the browser's own checks, mean it alone. */
  makeForm() {
    const form = element("form", { id: `picker-form-${++made}` });
    form.hidden = true;
    form.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    document.body.append(form);
    return form;
  }

  async send() {
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const body = new FormData(this.panelForm);
    try {
      const { html, isMade } = await fetchFragment(this.url, { method: "POST", body, headers: { "X-CSRFToken": token } });
      if (!isMade) { this.open(html); announce(this.panel.querySelector(".field-error")?.textContent.trim()); return; }
      this.cancel();
      this.done(new DOMParser().parseFromString(html, "text/html").querySelector("[data-chip]"));
    } catch {
      this.fail();
    }
  }

  cancel() {
    this.panel?.remove();
    this.panel = null;
  }

  leave() {
    this.cancel();
    this.leaveTo();
  }

  /** What was typed so far, as one line; then the small form is gone. Empty where there is none. */
  take() {
    if (!this.panel) return "";
    const fields = [...this.panel.querySelectorAll("input:not([type=hidden])")].map((input) => input.value.trim());
    this.cancel();
    return fields.filter(Boolean).join(", ");
  }
}

/** The picker of people can add a new one; a list that is pasted is read at once, into a table (people_table.js). */
class PeoplePicker extends ChipPicker {
  constructor(root) {
    super(root);
    this.newPerson = new NewPerson(this.frame, root.dataset.pickNew, {
      done: (chip) => this.added(chip),
      fail: () => { this.keepPanelAsLine(); this.failed(); },
      leave: () => this.input.focus(),
    });
    root.addEventListener("people:unread", (event) => {
      super.takeList(event.detail.text);
      if (event.detail.words) announce(event.detail.words);
    });
    this.area.addEventListener("paste", (event) => this.pasted(event));
  }

  add(text) { this.newPerson.ask(text); }

  added(chip) {
    this.input.value = "";
    const input = chip.querySelector("input");
    input.name = this.name;
    if (!this.isThere(input.value)) this.put(document.adoptNode(chip));
    this.input.focus();
  }

  takeList(text) {
    this.root.dispatchEvent(new CustomEvent("people:pasted", { detail: { text } }));
  }

  keepPanelAsLine() {
    this.input.value = this.newPerson.take() || this.input.value;
  }

  keepWhatIsTyped() {
    this.keepPanelAsLine();
    super.keepWhatIsTyped();
  }
}

/** Suggestions for a text field; the hidden field beside it keeps the key of what was chosen. */
function suggest(frame) {
  const input = frame.querySelector("input:not([type=hidden])");
  const key = frame.querySelector("[data-picker-key]");
  const take = ({ text, key: chosen }) => {
    input.value = text;
    if (key) key.value = chosen;
    announce(`Chosen: ${text}.`);
  };
  const newPerson = new NewPerson(frame, frame.dataset.pickNew, {
    done: (chip) => { take(chip.dataset); input.focus(); },
    fail: () => announce("The contacts cannot be reached. What you typed is checked when you save."),
    leave: () => input.focus(),
  });
  input.addEventListener("input", () => {
    if (key) key.value = "";
    // The choice was between those of another text.
    frame.querySelector("[data-picker-offer]")?.remove();
  });
  const choose = (option) => ("add" in option.dataset ? newPerson.ask(option.dataset.add) : take(option.dataset));
  new Combobox(input, frame, { url: frame.dataset.pick, choose, mayStay: true });
}

const kinds = {
  people: (root) => new PeoplePicker(root),
  organisations: (root) => new ChipPicker(root),
  text: suggest,
};

/** Make the pickers in `place` that are not made yet. */
export function enhance(place) {
  for (const root of place.querySelectorAll("[data-picker]:not([data-picker-ready])")) {
    root.setAttribute("data-picker-ready", "");
    kinds[root.dataset.picker]?.(root);
  }
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt.parentElement ?? event.detail.elt));
