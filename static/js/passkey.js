// Buttons that need a passkey stand there only where the browser knows passkeys.
if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-passkey-button]")) button.hidden = false;
}

// A passkey that was refused or is missing: say so instead of failing silently.

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const line = document.querySelector("[data-passkey-failed]");
  if (line) line.hidden = false;
});
