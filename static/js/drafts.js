// Nothing typed is lost: what somebody types in a form is kept on this device, under the form and the user, until it is
// saved or they sign out. After a session that ended, an error page or Back, the form offers to put it back.
// This file runs before those that build on the fields, so that what is put back is there for them.

const PREFIX = "concord-draft:";
const LONGEST = 14 * 24 * 3600 * 1000;
const SAVED = "concord_saved_draft";
const PUT_BACK = "concord-put-back";
const WAIT = 400;
const NOT_TYPED = new Set(["csrfmiddlewaretoken", "draft", "form_key", "revision", "seen"]);
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
  write(key, entries) {
    // A full or forbidden storage keeps nothing; the form works all the same.
    try { localStorage.setItem(key, JSON.stringify({ at: Date.now(), entries })); } catch { /* see above */ }
  },
  remove(key) {
    try { localStorage.removeItem(key); } catch { /* as above */ }
  },
  keys() {
    try { return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)); } catch { return []; }
  },
};

// A field may be called "action" or "id", so the form is asked for its attributes.
const keyOf = (form) => {
  const address = new URL(form.getAttribute("action") || location.href, document.baseURI);
  return `${PREFIX}${user}:${address.pathname}#${form.getAttribute("id") ?? ""}`;
};
const entriesOf = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
const typed = (entries) => JSON.stringify(entries.filter(([name, value]) => !NOT_TYPED.has(name) && value !== ""));

/** "10:42", with the day where that is not today: "10:42 on 3 May". */
function timeOf(at) {
  const time = new Date(at).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  const day = (moment) => new Date(moment).toLocaleDateString("en-GB", { day: "numeric", month: "long" });
  return day(at) === day(Date.now()) ? time : `${time} on ${day(at)}`;
}

/** The forms in which something is typed. Passwords are never kept; what htmx sends stays on its page anyway. */
function formsToKeep() {
  const fields = "input:not([type=hidden], [type=file], [type=search]), textarea, select";
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

/** Put the entries of a draft into the fields; returns the texts for which the form has no field. */
function putBack(form, entries) {
  const left = new Map();
  for (const [name, value] of entries) left.set(name, [...(left.get(name) ?? []), value]);
  for (const field of form.elements) {
    if (!field.name || field.type === "file" || field.name === "csrfmiddlewaretoken") continue;
    const values = left.get(field.name) ?? [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
    else if (field.type === "select-multiple") for (const option of field.options) option.selected = values.includes(option.value);
    else if (field.type !== "submit" && field.type !== "button" && values.length) field.value = values.shift();
  }
  const names = new Set([...form.elements].map((field) => field.name));
  return [...left].filter(([name]) => !names.has(name) && !NOT_TYPED.has(name)).flatMap(([, values]) => values).filter((value) => value.trim());
}

function offer(form, key, draft) {
  notice(form, `We kept what you typed at ${timeOf(draft.at)}.`, [
    ["Restore", () => {
      sessionStorage.setItem(PUT_BACK, key);
      leaving = true;
      location.reload();
    }],
    ["Discard", (line) => {
      store.remove(key);
      line.remove();
    }],
  ]);
}

let leaving = false;

function keep(form) {
  const key = keyOf(form);
  const draft = store.read(key);
  const isAsked = sessionStorage.getItem(PUT_BACK) === key;
  if (draft && isAsked) {
    sessionStorage.removeItem(PUT_BACK);
    const lost = putBack(form, draft.entries);
    const words = lost.length ? ` There was no field for: ${lost.join(" · ")}` : "";
    notice(form, `What you typed at ${timeOf(draft.at)} is back. It is not saved yet.${words}`);
  } else if (draft && typed(draft.entries) !== typed(entriesOf(form))) {
    offer(form, key, draft);
  }
  let before = isAsked ? "" : typed(entriesOf(form));
  let timer = null;
  const isChanged = () => typed(entriesOf(form)) !== before;
  const write = () => { if (isChanged()) store.write(key, entriesOf(form)); };
  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(write, WAIT);
  };
  // What a script fills in while the page is built is not typed.
  form.addEventListener("focusin", () => { if (!isAsked) before = typed(entriesOf(form)); }, { once: true });
  for (const kind of ["input", "change", "click"]) form.addEventListener(kind, soon);
  form.addEventListener("submit", (event) => send(event, form, key, write));
  window.addEventListener("pagehide", write);
  window.addEventListener("beforeunload", (event) => { if (!leaving && form.isConnected && isChanged()) event.preventDefault(); });
}

function send(event, form, key, write) {
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
  leaving = true;
  // The server says which draft was saved: by a cookie that this file reads on the next page.
  const field = form.elements.draft ?? form.appendChild(Object.assign(document.createElement("input"), { type: "hidden", name: "draft" }));
  field.value = key;
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
  for (const key of store.keys()) if (key.startsWith(`${PREFIX}${user}:`)) store.remove(key);
}

forgetSaved();
for (const key of store.keys()) if (!store.read(key)) store.remove(key);
if (user) {
  for (const form of formsToKeep()) {
    keepFormKey(form);
    keep(form);
  }
  document.addEventListener("submit", forgetOnSigningOut);
  // A page that the browser had put aside is as it was left.
  window.addEventListener("pageshow", (event) => { if (event.persisted) leaving = false; });
}
