// The comment of a question (<details data-why>) opens by itself under an answer that asks for it,
// and asks what fits the answer.

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-rubric] input[type=radio]")) return;
  const asked = event.target.matches("[data-prompts]");
  const why = event.target.closest("[data-rubric]").querySelector("[data-why]");
  if (!why) return;
  if (asked) why.open = true;
  const label = why.querySelector("[data-why-label]");
  if (label) label.textContent = ["3", "4"].includes(event.target.value) ? label.dataset.high : label.dataset.low;
});

// Opened by hand, the comment takes the focus; its summary then steps out of the way.
document.addEventListener("click", (event) => {
  const why = event.target.closest("[data-why] > summary")?.parentElement;
  if (why && !why.open) why.addEventListener("toggle", () => why.querySelector("textarea").focus(), { once: true });
});
