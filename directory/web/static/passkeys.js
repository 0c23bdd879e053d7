// Asks the browser for a passkey and sends its answer with the form the button stands in.
"use strict";

function bytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function letters(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function credentialIds(list) {
  return (list || []).map((one) => ({ ...one, id: bytes(one.id) }));
}

async function ask(kind, options) {
  options.challenge = bytes(options.challenge);
  if (kind === "get") {
    options.allowCredentials = credentialIds(options.allowCredentials);
    return navigator.credentials.get({ publicKey: options });
  }
  options.user.id = bytes(options.user.id);
  options.excludeCredentials = credentialIds(options.excludeCredentials);
  return navigator.credentials.create({ publicKey: options });
}

function plain(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: letters(answer.clientDataJSON) };
  if (answer.attestationObject) {
    response.attestationObject = letters(answer.attestationObject);
    response.transports = answer.getTransports ? answer.getTransports() : [];
  } else {
    response.authenticatorData = letters(answer.authenticatorData);
    response.signature = letters(answer.signature);
    response.userHandle = answer.userHandle ? letters(answer.userHandle) : null;
  }
  return {
    id: credential.id,
    rawId: letters(credential.rawId),
    type: credential.type,
    response,
    clientExtensionResults: {},
  };
}

async function answer(button) {
  const form = button.form;
  const problem = form.querySelector("[data-passkey-problem]");
  problem.hidden = true;
  button.disabled = true;
  try {
    const options = JSON.parse(button.dataset.passkeyOptions);
    const credential = await ask(button.dataset.passkey, options);
    form.elements[button.dataset.passkeyField].value = JSON.stringify(plain(credential));
    form.submit();
  } catch (error) {
    const cancelled = error.name === "NotAllowedError" || error.name === "AbortError";
    problem.textContent = cancelled ? problem.dataset.cancelled : problem.dataset.failed;
    problem.hidden = false;
    button.disabled = false;
  }
}

if (window.PublicKeyCredential && navigator.credentials) {
  for (const form of document.querySelectorAll("[data-passkey-form]")) form.hidden = false;
  for (const button of document.querySelectorAll("[data-passkey]")) {
    button.addEventListener("click", () => answer(button));
  }
}
