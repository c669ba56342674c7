// The comment of a question (<details data-why>) opens by itself under an answer that asks for it, and asks what fits
// the answer. Under another one it closes again, as long as nothing stands in it: arrow keys pass over some answers.

document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-rubric] input[type=radio]")) return;
  const asked = event.target.matches("[data-prompts]");
  const why = event.target.closest("[data-rubric]").querySelector("[data-why]");
  if (!why) return;
  if (asked && !why.open) {
    why.open = true;
    why.dataset.byItself = "";
  } else if (!asked && "byItself" in why.dataset && !why.querySelector("textarea").value) {
    why.open = false;
    delete why.dataset.byItself;
  }
  const label = why.querySelector("[data-why-label]");
  if (label) label.textContent = ["3", "4"].includes(event.target.value) ? label.dataset.high : label.dataset.low;
});

// Opened by hand, the comment takes the focus; its summary then steps out of the way.
document.addEventListener("click", (event) => {
  const why = event.target.closest("[data-why] > summary")?.parentElement;
  if (why && !why.open) why.addEventListener("toggle", () => why.querySelector("textarea").focus(), { once: true });
});
