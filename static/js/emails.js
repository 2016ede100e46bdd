// Who is emailed is asked again whenever what a form would send has changed: typed, chosen, or put there by a picker.

const WAIT = 500;

const sent = (form) => {
  const data = new FormData(form);
  for (const name of ["notify", "notify_default"]) data.delete(name);
  return new URLSearchParams([...data].map(([name, value]) => [name, String(value)])).toString();
};

for (const form of document.querySelectorAll("form:has(#emails[data-hx-post])")) {
  let known = "";
  let timer;
  const look = () => {
    const now = sent(form);
    if (now === known) return;
    known = now;
    window.htmx.trigger(form.querySelector("#emails"), "look");
  };
  const later = () => { clearTimeout(timer); timer = setTimeout(look, WAIT); };
  for (const event of ["input", "change"]) form.addEventListener(event, later);
  new MutationObserver((changes) => {
    if (changes.some((change) => !change.target.closest?.("#emails"))) later();
  }).observe(form, { childList: true, subtree: true });
  if (form.querySelector("#emails").dataset.state === "unknown") later();
  else known = sent(form);
}
