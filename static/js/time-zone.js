// The time zone that the browser knows is chosen in advance, as long as nobody has chosen another one.

for (const place of document.querySelectorAll("[data-guess-time-zone]")) {
  const select = place.querySelector("select[name='time_zone']");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const untouched = select && [...select.options].every((option) => option.selected === option.defaultSelected);
  if (untouched && [...select.options].some((option) => option.value === zone)) select.value = zone;
}
