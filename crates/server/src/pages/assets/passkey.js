// Passkeys are the browser's: this hands it the pool's options and hands what it answers back in the form.
"use strict";
const bytes = (text) => {
  const base64 = text.replace(/-/g, "+").replace(/_/g, "/");
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
};
const text = (buffer) => {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
};
const described = (list) => (list || []).map((entry) => ({ ...entry, id: bytes(entry.id) }));
const written = (credential, response) => JSON.stringify({
  id: credential.id,
  rawId: text(credential.rawId),
  type: credential.type,
  authenticatorAttachment: credential.authenticatorAttachment || undefined,
  clientExtensionResults: {},
  response,
});
async function use(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials) };
  const credential = await navigator.credentials.get({ publicKey });
  const { clientDataJSON, authenticatorData, signature, userHandle } = credential.response;
  return written(credential, {
    clientDataJSON: text(clientDataJSON),
    authenticatorData: text(authenticatorData),
    signature: text(signature),
    userHandle: userHandle ? text(userHandle) : undefined,
  });
}
async function make(options) {
  const user = { ...options.user, id: bytes(options.user.id) };
  const publicKey = { ...options, user, challenge: bytes(options.challenge), excludeCredentials: described(options.excludeCredentials) };
  const credential = await navigator.credentials.create({ publicKey });
  const { clientDataJSON, attestationObject } = credential.response;
  const transports = credential.response.getTransports ? credential.response.getTransports() : [];
  return written(credential, {
    clientDataJSON: text(clientDataJSON),
    attestationObject: text(attestationObject),
    transports,
  });
}
async function run(form, ask, options) {
  const failed = document.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  try {
    form.elements.credential.value = await ask(JSON.parse(options));
  } catch {
    failed.hidden = false;
    return;
  }
  form.submit();
}
if (window.PublicKeyCredential && window.isSecureContext) {
  for (const button of document.querySelectorAll("[data-needs-passkeys]")) button.hidden = false;
  for (const field of document.querySelectorAll("[data-passkeys]")) field.value = "1";
  for (const form of document.querySelectorAll("[data-use-passkey], [data-make-passkey]")) {
    const { usePasskey, makePasskey } = form.dataset;
    const begin = () => (usePasskey ? run(form, use, usePasskey) : run(form, make, makePasskey));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      begin();
    });
    if (usePasskey) begin();
  }
}
