// Nothing typed is lost: what somebody types in a form is kept on this device, under the form and the user, until it is
// saved or they sign out. After a session that ended, an error page or Back, the form offers to put it back.
// This file runs before those that build on the fields, so that what is put back is there for them. Fields that the page
// does not begin with, as those of added rows, are asked for once those files have run.

const PREFIX = "concord-draft:";
const LONGEST = 14 * 24 * 3600 * 1000;
const SAVED = "concord_saved_draft";
const PUT_BACK = "concord-put-back";
const WAIT = 400;
const FILES = "concord-draft-files";
const MOST_FILES = 5;
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "draft", "form_key", "kept_files", "revision", "seen"]);
const NOT_FILLED = new Set(["file", "submit", "button"]);
const user = document.body.dataset.user;

const store = {
  read(key) {
    try {
      const draft = JSON.parse(localStorage.getItem(key));
      return draft && Date.now() - draft.at < LONGEST ? draft : null;
    } catch {
      return null;
    }
  },
  write(key, draft) {
    // A full or forbidden storage keeps nothing; the form works all the same.
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), ...draft })); } catch { /* see above */ }
  },
  remove(key) {
    try { localStorage.removeItem(key); } catch { /* as above */ }
  },
  keys() {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; }
  },
};

// A field may be called "action" or "id", so the form is asked for its attributes.
const pathOf = (form) => new URL(form.getAttribute("action") || location.href, document.baseURI).pathname;
const keyOf = (form) => `${PREFIX}${user}:${pathOf(form)}#${form.getAttribute("id") ?? ""}`;
/** Names and values as the form would send them; of a file, its name. */
const entriesOf = (form) => [...new FormData(form)]
  .filter(([name]) => name !== "csrfmiddlewaretoken")
  .map(([name, value]) => [name, typeof value === "string" ? value : value.name]);
const typed = (entries) => JSON.stringify(entries.filter(([name, value]) => !NOT_TYPED.has(name) && value !== ""));

/** "10:42", with the day where that is not today: "10:42 on 3 May". */
function timeOf(at) {
  const time = new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const day = (moment) => new Date(moment).toLocaleDateString("en-GB", { day: "numeric", month: "long" });
  return day(at) === day(Date.now()) ? time : `${time} on ${day(at)}`;
}

/** Whether the server has answered the form with the form again: what was typed is there, and not saved. */
const cameBack = (form) => "answersPost" in document.body.dataset && pathOf(form) === location.pathname;

/** The forms in which something is typed. Passwords are never kept; what htmx sends stays on its page anyway. */
function formsToKeep() {
  const fields = "input:not([type=hidden], [type=search]), textarea, select";
  return [...document.querySelectorAll("main form[method=post]")].filter((form) =>
    form.querySelector(fields) && !form.querySelector("[type=password]") && (!form.dataset.hxPost || form.dataset.hxTrigger));
}

/** A line above a form, with buttons. */
function notice(form, words, buttons = []) {
  const line = document.createElement("div");
  line.className = form.classList.contains("narrow") ? "alert alert-quiet narrow" : "alert alert-quiet";
  line.setAttribute("role", "status");
  const text = document.createElement("div");
  text.textContent = words;
  line.append(text);
  for (const [label, press] of buttons) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "btn btn-secondary btn-sm", textContent: label });
    button.addEventListener("click", () => press(line));
    line.append(button);
  }
  form.before(line);
  return line;
}

/** Put entries into the fields, each text once, in the order of the page. Chips are their pickers' to fill. */
function fill(fields, entries) {
  const left = new Map();
  for (const [name, value] of entries) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of fields) {
    if (!field.name || NOT_FILLED.has(field.type) || field.name === "csrfmiddlewaretoken" || field.closest("[data-chip]")) continue;
    const values = left.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.options) for (const option of field.options) option.selected = values.includes(option.value);
    else if (values.length) field.value = values.shift();
  }
}

/** The entries for which the form has no field. */
function withoutField(form, entries) {
  const names = new Set([...form.elements].map((field) => field.name));
  return entries.filter(([name, value]) => value.trim() && !names.has(name) && !NOT_TYPED.has(name));
}

/** What a picker holds stands in chips, which picker.js makes: {name of the picker: [[name, value, label, note]]}. */
function chipsOf(form) {
  const read = (chip) => {
    const { name, value } = chip.querySelector("input");
    return [name, value, chip.querySelector("[data-chip-name]").textContent, chip.querySelector("small")?.textContent.trim() ?? ""];
  };
  const pickers = [...form.querySelectorAll("[data-picker][data-name]")];
  return Object.fromEntries(pickers.map((picker) => [picker.dataset.name, [...picker.querySelectorAll("[data-picker-chips] > [data-chip]")].map(read)]));
}

/** Leave its chips to each picker. Returns the entries of which they are no part. */
function handOutChips(form, { entries, chips = {} }) {
  const rest = [...entries];
  for (const picker of form.querySelectorAll("[data-picker][data-name]")) {
    const own = chips[picker.dataset.name];
    if (!own) continue;
    picker.dataset.chips = JSON.stringify(own);
    for (const chip of own) {
      const at = rest.findIndex(([name, value]) => name === chip[0] && value === chip[1]);
      if (at >= 0) rest.splice(at, 1);
    }
  }
  return rest;
}

/** Ask the server for the rows that were added to a form. Resolves once they are on the page; rejects if they cannot be. */
function addRows(form, entries) {
  const waits = [];
  for (const button of form.querySelectorAll("[data-adds-row]")) {
    const own = entries.filter(([name]) => name.startsWith(`${button.dataset.addsRow}-`));
    if (!own.length) continue;
    const total = form.elements[`${button.dataset.addsRow}-TOTAL_FORMS`];
    const values = Object.fromEntries([...own, [total.name, String(total.value - 1)], ["restore", "1"]]);
    waits.push(ask(button, values));
  }
  for (const table of form.querySelectorAll("[data-pick-read]")) {
    table.dispatchEvent(new CustomEvent("people:restore", { detail: { entries, wait: (promise) => waits.push(promise) } }));
  }
  return Promise.all(waits);
}

/** Press a button of htmx with other values. htmx resolves whatever the answer is, so its events are asked. */
async function ask(button, values) {
  let failed = false;
  const fail = () => { failed = true; };
  const failures = ["htmx:responseError", "htmx:sendError"];
  for (const name of failures) button.addEventListener(name, fail);
  await window.htmx.ajax("POST", button.dataset.hxPost, { source: button, values }).catch(fail);
  for (const name of failures) button.removeEventListener(name, fail);
  if (failed || button.isConnected) throw new Error("The rows did not come.");
}

/** Put entries into a form, with the rows that were added to it. Returns which had no place, and that in words. */
async function putBack(form, entries) {
  fill(form.elements, entries);
  await scriptsHaveRun;
  const there = new Set(form.elements);
  let words = "";
  try {
    await addRows(form, withoutField(form, entries));
  } catch {
    words = " The rows that you added could not be put back yet. Check your connection, reload the page and select Restore again.";
  }
  fill([...form.elements].filter((field) => !there.has(field)), entries);
  const lost = withoutField(form, entries);
  if (lost.length && !words) words = ` There was no field for: ${lost.map(([, value]) => value).join(" · ")}`;
  return { words, lost };
}

// Files. The browser's cache of this site holds them under addresses that name the draft and the field. A file is kept
// as long as its draft.

const fileAddress = (key, input) => `/draft-files/${encodeURIComponent(key)}/${encodeURIComponent(input.name)}`;
const draftOf = (request) => decodeURIComponent(new URL(request.url).pathname.split("/")[2]);

/** Remove the files whose drafts are gone, and the oldest where there are too many. */
async function tidyFiles() {
  try {
    if (!(await caches.has(FILES))) return;
    const cache = await caches.open(FILES);
    const requests = await cache.keys();
    const kept = requests.filter((request) => store.read(draftOf(request))).slice(-MOST_FILES);
    for (const request of requests) if (!kept.includes(request)) await cache.delete(request);
  } catch { /* No cache, no files. */ }
}

/** The file fields of one form. Each holds one file. */
class KeptFiles {
  constructor(form, key) {
    Object.assign(this, { key, inputs: [...form.querySelectorAll("input[type=file]")], kept: new Set(), work: null });
  }

  /** Keep what was just chosen. */
  keep(input) {
    const work = Promise.resolve(this.work)
      .then(() => this.write(input))
      .catch(() => { /* No cache, or no room: the server asks for the file again. */ })
      .then(() => { if (this.work === work) this.work = null; });
    this.work = work;
  }

  async write(input) {
    this.kept.delete(input);
    const cache = await caches.open(FILES);
    await cache.delete(fileAddress(this.key, input));
    const [file] = input.files;
    if (!file || file.size > Number(input.dataset.largest)) return;
    await cache.put(fileAddress(this.key, input), new Response(file, { headers: { "X-Name": encodeURIComponent(file.name) } }));
    await tidyFiles();
    // It is gone again where no draft could be kept.
    if (await cache.match(fileAddress(this.key, input))) this.kept.add(input);
  }

  /** Put the files back. Returns the fields that are still empty. */
  async putBack() {
    for (const input of this.inputs) await this.read(input).catch(() => {});
    return this.inputs.filter((input) => !input.files.length);
  }

  async read(input) {
    if (input.files.length) return;
    const answer = await caches.match(fileAddress(this.key, input), { cacheName: FILES });
    if (!answer) return;
    const content = await answer.blob();
    const chosen = new DataTransfer();
    chosen.items.add(new File([content], decodeURIComponent(answer.headers.get("X-Name")), { type: content.type }));
    input.files = chosen.files;
    this.kept.add(input);
  }
}

function offer(form, key, draft) {
  notice(form, `We kept what you typed at ${timeOf(draft.at)}.`, [
    ["Restore", () => {
      // What was typed since then has replaced it.
      store.write(key, draft);
      isPaused = true;
      sessionStorage.setItem(PUT_BACK, key);
      leaving = true;
      location.reload();
    }],
    ["Discard", (line) => {
      store.remove(key);
      tidyFiles();
      line.remove();
    }],
  ]);
}

let leaving = false;
/** Whether what stands in the forms is not kept as the page closes: somebody signs out, or restores a draft. */
let isPaused = false;
/** The files after this one build on the fields; they have run when the document is loaded. */
const scriptsHaveRun = new Promise((resolve) => { document.addEventListener("DOMContentLoaded", resolve, { once: true }); });

function keep(form) {
  const key = keyOf(form);
  const draft = store.read(key);
  const files = new KeptFiles(form, key);
  const isAsked = Boolean(draft) && sessionStorage.getItem(PUT_BACK) === key;
  const isUnsaved = isAsked || cameBack(form);
  // What has no field yet stays in the draft.
  let lost = [];
  if (isAsked) {
    sessionStorage.removeItem(PUT_BACK);
    const entries = handOutChips(form, draft);
    lost = withoutField(form, entries);
    restore(form, { ...draft, entries }, files).then((left) => { lost = left; });
  } else if (isUnsaved) {
    putFilesBack(form, draft, files);
  } else if (draft && typed(draft.entries) !== typed(entriesOf(form))) {
    offer(form, key, draft);
  }
  let before = isUnsaved ? "" : typed(entriesOf(form));
  let timer = null;
  // After Back the browser fills in fields by itself, without the rows and the chips: that must not replace the draft.
  let isTouched = false;
  const isChanged = () => typed(entriesOf(form)) !== before;
  const write = () => { if (isTouched && !isPaused && isChanged()) store.write(key, { entries: [...entriesOf(form), ...lost], chips: chipsOf(form) }); };
  const soon = () => {
    isPaused = false;
    isTouched = true;
    clearTimeout(timer);
    timer = setTimeout(write, WAIT);
  };
  // What a script fills in while the page is built is not typed.
  form.addEventListener("focusin", () => { if (!isUnsaved) before = typed(entriesOf(form)); }, { once: true });
  for (const kind of ["input", "change", "click"]) form.addEventListener(kind, soon);
  form.addEventListener("change", ({ target }) => {
    if (target.type !== "file") return;
    write();
    files.keep(target);
  });
  form.addEventListener("submit", (event) => send(event, form, { key, write, files }));
  window.addEventListener("pagehide", write);
  window.addEventListener("beforeunload", (event) => { if (!leaving && form.isConnected && isChanged()) event.preventDefault(); });
}

/** Put a draft back and say so. Returns the entries that had no place. */
async function restore(form, draft, files) {
  const { words, lost } = await putBack(form, draft.entries);
  const line = notice(form, `What you typed at ${timeOf(draft.at)} is back. It is not saved yet.${words}`);
  line.tabIndex = -1;
  line.focus();
  await putFilesBack(form, draft, files);
  return lost;
}

async function putFilesBack(form, draft, files) {
  const empty = await files.putBack();
  for (const input of empty) {
    const name = draft?.entries.find(([field]) => field === input.name)?.[1];
    if (name) notice(form, `Choose the file “${name}” again.`);
  }
}

function send(event, form, { key, write, files }) {
  write();
  if (!navigator.onLine) {
    event.preventDefault();
    const line = notice(form, "You are offline. What you typed is kept on this device, and is saved once you are connected again.");
    line.scrollIntoView({ block: "nearest" });
    window.addEventListener("online", () => {
      line.remove();
      form.requestSubmit(event.submitter);
    }, { once: true });
    return;
  }
  if (files.work) {
    event.preventDefault();
    files.work.then(() => form.requestSubmit(event.submitter));
    return;
  }
  leaving = true;
  // The server says which draft was saved: by a cookie that this file reads on the next page.
  setHidden(form, "draft", key);
  // It need not ask for these files again where something else is wrong.
  if (files.inputs.length) setHidden(form, "kept_files", [...files.kept].map((input) => input.name).join(" "));
}

function setHidden(form, name, value) {
  const field = form.elements[name] ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name }));
  field.value = value;
}

/** Back brings the form with a new one-time key: with that of before, it is not saved a second time unasked. */
function keepFormKey(form) {
  const field = form.elements.form_key;
  if (!field) return;
  const keys = history.state?.formKeys ?? {};
  const name = keyOf(form);
  if (keys[name] && performance.getEntriesByType("navigation")[0]?.type === "back_forward") field.value = keys[name];
  else history.replaceState({ ...history.state, formKeys: { ...keys, [name]: field.value } }, "");
}

function forgetSaved() {
  const found = document.cookie.split("; ").find((cookie) => cookie.startsWith(`${SAVED}=`));
  if (!found) return;
  const key = decodeURIComponent(found.slice(SAVED.length + 1));
  if (key.startsWith(PREFIX)) store.remove(key);
  document.cookie = `${SAVED}=; max-age=0; path=/; samesite=lax`;
}

function forgetOnSigningOut(event) {
  if (!event.target.matches?.("[data-sign-out]")) return;
  isPaused = true;
  for (const key of store.keys()) if (key.startsWith(`${PREFIX}${user}:`)) store.remove(key);
  tidyFiles();
}

forgetSaved();
for (const key of store.keys()) if (!store.read(key)) store.remove(key);
tidyFiles();
if (user) {
  for (const form of formsToKeep()) {
    keepFormKey(form);
    keep(form);
  }
  document.addEventListener("submit", forgetOnSigningOut);
  // A page that the browser had put aside is as it was left.
  window.addEventListener("pageshow", (event) => { if (event.persisted) leaving = false; });
}
