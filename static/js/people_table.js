// The table in which pasted people are checked: text is read when it is pasted, and a row anew when a cell is edited.
// Hears of pasted text from picker.js ("people:pasted", with the text), and says so when it cannot be read
// ("people:unread"). Hears of rows that a draft has kept from drafts.js ("people:restore", with their fields).

/** Say something to those who do not see the table change. */
function announce(words) {
  const place = document.getElementById("announcer");
  if (!place) return;
  place.textContent = "";
  setTimeout(() => { place.textContent = words; }, 50);
}

class PeopleTable {
  constructor(root) {
    this.root = root;
    this.place = root.querySelector("[data-people-place]");
    root.addEventListener("people:pasted", (event) => this.read(event.detail.text));
    root.addEventListener("people:restore", (event) => this.restore(event.detail));
    this.place.addEventListener("change", (event) => this.changed(event.target));
  }

  get rows() { return [...this.place.querySelectorAll("[data-person-row]")]; }

  async post(fields) {
    const body = new FormData();
    body.set("field", this.root.dataset.name);
    for (const [name, value] of fields) body.append(name, value);
    const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
    const response = await fetch(this.root.dataset.pickRead, { method: "POST", body, credentials: "same-origin", headers: { "X-CSRFToken": token } });
    if (response.redirected || !response.ok) throw new Error(response.statusText);
    return new DOMParser().parseFromString(await response.text(), "text/html").body;
  }

  async read(text) {
    const count = Math.max(-1, ...this.rows.map((row) => Number(row.dataset.personRow))) + 1;
    let answer;
    try {
      answer = await this.post([["text", text], ["rows", count]]);
    } catch {
      answer = document.createElement("div");
    }
    const table = answer.querySelector("[data-people-check]");
    if (!table) {
      const words = answer.querySelector("[data-people-error]")?.textContent.trim();
      this.root.dispatchEvent(new CustomEvent("people:unread", { detail: { text, words } }));
      return;
    }
    const added = [...table.querySelectorAll("[data-person-row]")];
    if (this.rows.length) this.add(added);
    else this.place.replaceChildren(table);
    this.sum();
    announce(this.place.querySelector("[data-people-summary]").textContent);
    const first = added.find((row) => row.classList.contains("is-doubtful"));
    (first?.querySelector("[data-person-cell]") ?? this.place.querySelector("[data-people-check]")).focus();
  }

  /** The rows of a draft as they were left. */
  restore({ entries, wait }) {
    const { name } = this.root.dataset;
    const own = entries.filter(([field]) => field.startsWith(`${name}_`));
    if (own.some(([field]) => field === `${name}_row`)) wait(this.draw([...own, ["restore", "1"]]));
  }

  async draw(fields) {
    const table = (await this.post(fields)).querySelector("[data-people-check]");
    if (!table) throw new Error("The rows did not come.");
    this.place.replaceChildren(table);
    for (const row of this.rows) this.settle(row);
  }

  /** Those in doubt go to the top, below others in doubt. */
  add(rows) {
    const body = this.place.querySelector("[data-people-rows]");
    const firstCertain = this.rows.find((row) => !row.classList.contains("is-doubtful")) ?? null;
    for (const row of rows) {
      if (row.classList.contains("is-doubtful")) body.insertBefore(row, firstCertain);
      else body.append(row);
    }
  }

  async changed(control) {
    const row = control.closest("[data-person-row]");
    if (!row) return;
    if (!("personCell" in control.dataset)) { this.settle(row); return; }
    const fields = [...row.querySelectorAll("[name]")].map((one) => [one.name, one.value]);
    try {
      const read = (await this.post(fields)).querySelector("[data-person-row]");
      if (!read || !row.isConnected) return;
      const choice = row.querySelector("[data-person-choice]");
      const hadFocus = choice.contains(document.activeElement);
      choice.replaceWith(read.querySelector("[data-person-choice]"));
      if (hadFocus) row.querySelector("[data-person-choice] select").focus();
      row.querySelector("[data-person-said]").replaceWith(read.querySelector("[data-person-said]"));
      row.querySelector("[data-person-organisation]").hidden = read.querySelector("[data-person-organisation]").hidden;
      row.querySelector("[name$=_doubt]").value = read.querySelector("[name$=_doubt]").value;
      row.classList.toggle("is-doubtful", read.classList.contains("is-doubtful"));
      row.classList.remove("is-invalid");
      this.sum();
    } catch {
      // The row is read again when the form is saved.
    }
  }

  /** Once somebody has chosen, nothing is in doubt. */
  settle(row) {
    const choice = row.querySelector("[data-person-choice] select");
    row.classList.toggle("is-skipped", choice.value === "out");
    if (choice.value) row.classList.add("is-settled");
    this.sum();
  }

  sum() {
    const choices = this.rows.map((row) => row.querySelector("[data-person-choice] select").value);
    const count = (test) => choices.filter(test).length;
    const people = choices.length === 1 ? "1 person" : `${choices.length} people`;
    const open = count((value) => value === "");
    const skipped = count((value) => value === "out");
    const parts = [`${count((value) => /^\d+$/.test(value))} already in contacts`, `${count((value) => ["new", "another"].includes(value))} new`];
    if (skipped) parts.push(`${skipped} skipped`);
    const words = `${people}: ${parts.join(", ")}.${open ? ` ${open} to check.` : ""}`;
    this.place.querySelector("[data-people-summary]").textContent = words;
  }
}

export function enhance(place) {
  for (const root of place.querySelectorAll("[data-pick-read]:not([data-table-ready])")) {
    root.setAttribute("data-table-ready", "");
    new PeopleTable(root);
  }
}

enhance(document);
document.addEventListener("htmx:load", (event) => enhance(event.detail.elt.parentElement ?? event.detail.elt));
