// Behaviours of the frame. Each part works without this file; here it only gets easier.

// Menus (<details data-menu>): Escape closes and gives the focus back; a click or focus elsewhere closes.
function openMenus() {
  return document.querySelectorAll("details[data-menu][open]");
}
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
});
for (const kind of ["click", "focusin"]) {
  document.addEventListener(kind, (event) => {
    for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
  });
}

// The error summary takes the focus, so that it is read first. Its links move the focus into the field,
// opening what hides it.
function focusErrorSummary(root) {
  root.querySelector("[data-error-summary]")?.focus();
}
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-error-summary] a[href^='#']");
  const field = link && document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  const hidden = field.closest("details:not([open])");
  if (hidden) hidden.open = true;
  (field.closest(".rubric, .mb-3, fieldset") ?? field).scrollIntoView();
  field.focus({ preventScroll: true });
});

// Light or dark: at once and without losing what is typed on the page.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-theme-form]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const { value } = event.submitter;
  const root = document.documentElement;
  if (value === "system") root.removeAttribute("data-bs-theme");
  else root.setAttribute("data-bs-theme", value);
  for (const button of form.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button === event.submitter));
  }
  await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), redirect: "manual" });
});

// Filters (<details data-open-wide>) stand open where there is room.
if (window.matchMedia("(min-width: 48.01rem)").matches) {
  for (const filters of document.querySelectorAll("details[data-open-wide]")) filters.open = true;
}

// After htmx has replaced something: errors first, else the heading of what changed when the focus was lost.
document.addEventListener("htmx:afterSettle", (event) => {
  const region = event.detail.elt;
  if (region.querySelector("[data-error-summary]")) return focusErrorSummary(region);
  if (document.activeElement && document.activeElement !== document.body) return;
  const heading = region.matches("h1, h2, h3") ? region : region.querySelector("h1, h2, h3");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
});

focusErrorSummary(document);
