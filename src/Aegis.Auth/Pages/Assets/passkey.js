// Makes and uses passkeys (WebAuthn). The forms are ordinary forms; this script fills in the authenticator's answer.
(function () {
  var form = document.getElementById('passkey');
  if (!form || !window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) return;
  var said = document.getElementById('passkey-said'), button = form.querySelector('button');
  form.hidden = false;
  form.addEventListener('submit', function (event) {
    if (form.elements.Credential.value) return;
    event.preventDefault();
    said.textContent = '';
    button.disabled = true;
    fetch(form.dataset.options, { method: 'POST', credentials: 'same-origin', body: new URLSearchParams(new FormData(form)) })
      .then(function (answer) {
        if (answer.redirected) {
          location.assign(answer.url); // to the page for signing in again
          return new Promise(function () {});
        }
        if (!answer.ok) throw new Error('refused');
        return answer.json();
      })
      .then(function (options) {
        return form.dataset.does === 'create'
          ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
          : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
      })
      .then(function (credential) {
        form.elements.Credential.value = JSON.stringify(credential);
        form.submit();
      })
      .catch(function () {
        button.disabled = false;
        said.textContent = form.dataset.does === 'create'
          ? 'No passkey was made. Try again.'
          : 'No passkey was used. Try again, or use your password.';
      });
  });
})();
