// A form that saves along (<form data-autosave="address">): on a choice at once, in a text 1.5 s after the last key.
// Without this script the form works by its buttons. Each save counts up the number behind the point in `page`,
// so that the server never lets an older one win.

const AFTER_TYPING = 1500;
const RETRIES = [3000, 6000, 12000, 30000];
const form = document.querySelector("form[data-autosave]");
const status = document.querySelector("#saved");

let timer;
let running = false;
let waiting = false;
let failures = 0;
let stopped = false;

function say(text, failed = false) {
  status.textContent = text;
  status.classList.toggle("is-failed", failed);
}

function countUp() {
  const page = form.elements.page;
  const [name, number] = page.value.split(".");
  page.value = `${name}.${Number(number) + 1}`;
}

function later(delay) {
  clearTimeout(timer);
  timer = setTimeout(save, delay);
}

async function save() {
  if (stopped) return;
  if (running) {
    waiting = true;
    return;
  }
  running = true;
  waiting = false;
  clearTimeout(timer);
  timer = undefined;
  countUp();
  if (!failures) say(form.dataset.saving);
  let wait = null;
  try {
    const answer = await fetch(form.dataset.autosave, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      redirect: "manual",
    });
    wait = await take(answer);
  } catch {
    wait = retry();
  }
  running = false;
  if (stopped) return;
  if (waiting) later(0);
  else if (wait !== null && timer === undefined) later(wait);
}

// Says what came of it. Returns after how many milliseconds to try again, or null.
async function take(answer) {
  if (answer.type === "opaqueredirect" || [401, 403].includes(answer.status)) {
    stopped = true;
    say(form.dataset.signedOut, true);
    return null;
  }
  if (answer.status >= 500 || answer.status === 429) return retry();
  const told = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  failures = 0;
  if (answer.ok) {
    for (const [name, value] of Object.entries(told.carry)) form.elements[name].value = value;
    say(told.message);
    return null;
  }
  // A colleague was faster: a person has to choose. What can't be kept is tried again with the next change.
  stopped = answer.status === 409;
  say(told.message ?? form.dataset.failed, true);
  return null;
}

function retry() {
  say(form.dataset.failed, true);
  const wait = RETRIES[Math.min(failures, RETRIES.length - 1)];
  failures += 1;
  return wait;
}

form.addEventListener("change", (event) => later(event.target.matches("textarea") ? AFTER_TYPING : 0));
form.addEventListener("input", (event) => {
  if (event.target.matches("textarea")) later(AFTER_TYPING);
});
window.addEventListener("online", () => failures && later(0));

// The buttons send everything anyway: what was still to be saved along goes with them.
form.addEventListener("submit", () => {
  stopped = true;
  clearTimeout(timer);
  countUp();
});

// Leaving with unsaved words: one last try that outlives the page. A save under way is cut off with it, so it is
// sent again; the server passes over the older one if both arrive.
window.addEventListener("pagehide", () => {
  if (stopped || (timer === undefined && !running)) return;
  countUp();
  fetch(form.dataset.autosave, { method: "POST", body: new FormData(form), keepalive: true });
});
