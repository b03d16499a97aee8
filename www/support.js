// @ts-check
/*
 * Says in one sentence that this browser cannot show the page. A plain script in old syntax, which runs where nothing
 * else of the page can. The features that are checked are the most recent ones: light-dark() with Chrome 123 and Safari
 * 17.5, popovers with Firefox 125.
 */
(function () {
  /** @returns {string} '' if the page can be shown */
  function whyNot() {
    if (
      !window.CSS ||
      !CSS.supports ||
      !CSS.supports('color', 'light-dark(black, white)') ||
      !('popover' in HTMLElement.prototype)
    ) {
      return (
        'This browser is too old for this page: it needs Chrome or Edge 123, Firefox 125, Safari or ' +
        'iOS 17.5, or ' +
        'a newer one.'
      );
    }
    if (!window.WebAssembly) {
      return 'This page needs WebAssembly, which is switched off in this browser, perhaps by Lockdown Mode.';
    }
    return '';
  }

  var reason = whyNot();
  if (!reason) return;
  document.documentElement.setAttribute('data-unsupported', '');
  document.addEventListener('DOMContentLoaded', function () {
    var sentence = document.createElement('p');
    sentence.className = 'unsupported';
    sentence.setAttribute('role', 'alert');
    sentence.appendChild(document.createTextNode(reason));
    document.body.insertBefore(sentence, document.body.firstChild);
  });
})();
