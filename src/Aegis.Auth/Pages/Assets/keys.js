// Checks the scopes of a preset when it is chosen; without this script the button next to it does that.
// Ignores a second click on the submit button: its answer would replace the page with the key of the first click.
(function () {
  var apply = document.getElementById('apply');
  if (!apply) return;
  apply.hidden = true;
  var sent = false, form = document.getElementById('new-key');
  form.addEventListener('submit', function (event) {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener('pageshow', function () { sent = false; });
  var boxes = Array.prototype.slice.call(document.querySelectorAll('input[name=Scopes]'));
  var presets = Array.prototype.slice.call(document.querySelectorAll('input[name=Preset]'));
  presets.forEach(function (preset) {
    preset.addEventListener('change', function () {
      if (!preset.dataset.scopes) return;
      var scopes = preset.dataset.scopes.split(' ');
      boxes.forEach(function (box) { box.checked = scopes.indexOf(box.value) >= 0; });
    });
  });
  boxes.forEach(function (box) {
    box.addEventListener('change', function () {
      presets.forEach(function (preset) { if (!preset.dataset.scopes) preset.checked = true; });
    });
  });
})();
