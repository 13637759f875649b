// Shows a button that copies the key, which is shown only once.
(function () {
  var button = document.getElementById('copy'), key = document.getElementById('key');
  if (!button || !key || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener('click', function () {
    navigator.clipboard.writeText(key.textContent).then(function () { button.textContent = 'Copied'; });
  });
})();
