// A choice of the admin that is searched for (Django's select2) is drawn without the words beside it:
// whoever hears the page is told them here.
function nameChoices() {
  for (const select of document.querySelectorAll("select.admin-autocomplete")) {
    const label = select.labels[0];
    const box = select.nextElementSibling?.querySelector("[role=combobox]");
    const chosen = box?.querySelector("[role=textbox]");
    if (!label || !chosen) continue;
    label.id ||= `${select.id}_label`;
    // It takes no text, and its words are read as part of the box around it.
    chosen.removeAttribute("role");
    chosen.removeAttribute("aria-readonly");
    box.setAttribute("aria-labelledby", `${label.id} ${chosen.id}`);
    window.django.jQuery(select).on("select2:open", () => {
      const field = document.querySelector(".select2-search__field");
      const list = field?.closest(".select2-container");
      if (!list) return;
      const words = label.textContent.trim();
      field.setAttribute("aria-label", words);
      // The list stands at the end of the page, outside of everything else.
      list.setAttribute("role", "region");
      list.setAttribute("aria-label", words);
      box.setAttribute("aria-controls", `select2-${select.id}-results`);
    });
  }
}

// In jQuery's own queue, where Django draws them: it may come to that after everything is loaded.
window.addEventListener("load", () => window.django.jQuery(nameChoices));
