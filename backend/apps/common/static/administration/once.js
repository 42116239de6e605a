// A second click on a button sends nothing while the first is on its way. (If it does, the server does it once all the same.)
const PATIENCE = 10_000; // milliseconds, after which a person may try again
const sent = new Map();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (Date.now() - (sent.get(form) ?? -PATIENCE) < PATIENCE) event.preventDefault();
  else sent.set(form, Date.now());
});
window.addEventListener("pageshow", () => sent.clear()); // Back from where it led: a page that is kept as it was.
