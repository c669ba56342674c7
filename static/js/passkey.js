// Buttons that need a passkey stand there only where the browser knows passkeys.
if (window.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-passkey-button]")) button.hidden = false;
}

// A passkey that was refused or is missing: say so instead of failing silently.
function sayItFailed() {
  const line = document.querySelector("[data-passkey-failed]");
  if (line) line.hidden = false;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  sayItFailed();
});

// Signing in with one (<script data-passkey-login data-needs="addresses">): what the button needs is fetched when
// somebody comes near it, and once it is there the press counts.
const login = document.querySelector("[data-passkey-login]");
if (login) {
  const options = JSON.parse(login.textContent);
  const button = document.getElementById(options.ids.login);
  let fetching;
  let ready = false;

  function fetchScript(address) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = address;
      script.addEventListener("load", resolve);
      script.addEventListener("error", reject);
      document.head.append(script);
    });
  }

  async function fetchNeeds() {
    for (const address of login.dataset.needs.split(" ")) await fetchScript(address);
    window.allauth.webauthn.forms.loginForm(options);
  }

  function prepare() {
    fetching ??= fetchNeeds();
    // Whoever presses after that tries anew.
    fetching.catch(() => (fetching = undefined));
    return fetching;
  }

  for (const kind of ["pointerover", "focus"]) button.addEventListener(kind, prepare);
  button.addEventListener("click", async (event) => {
    if (ready) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    try {
      await prepare();
      ready = true;
      button.click();
    } catch {
      sayItFailed();
    }
  });
}
