// The comment of a question (<details data-why>) opens by itself under an answer that asks for it.

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-rubric] input[data-prompts]")) return;
  const why = event.target.closest("[data-rubric]").querySelector("[data-why]");
  if (why) why.open = true;
});

// Opened by hand, the comment takes the focus; its summary then steps out of the way.
document.addEventListener("click", (event) => {
  const why = event.target.closest("[data-why] > summary")?.parentElement;
  if (why && !why.open) why.addEventListener("toggle", () => why.querySelector("textarea").focus(), { once: true });
});
