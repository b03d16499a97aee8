// @ts-check
/*
 * Says in one sentence that the page does not start: a file is missing, files come from different deployments, the
 * server is slow. A plain script in old syntax, which runs where modules do not. main.js dispatches `started` when it
 * has started.
 */
(function () {
  var SLOW_MS = 20000;
  var HEAL_MS = 60000;
  var MOST_NAMES = 3;
  /**
   * What a browser says of a name that a module does not export, and dom.js of an element that the page does not have.
   */
  var OF_TWO = /import|export|in the markup/i;
  var UPDATED = 'Its files are of different versions: it was probably just updated.';
  /** The latest sentence. */
  var told = '';
  var isSlow = false;
  var timer = setTimeout(function () {
    isSlow = !told;
    if (isSlow)
      say(
        'This page has not started after ' + SLOW_MS / 1000 + ' seconds; the server or the connection may be slow.',
        false,
      );
  }, SLOW_MS);

  window.addEventListener('error', onError, true);
  window.addEventListener('unhandledrejection', onRejection);
  document.addEventListener('started', onStarted);
  window.addEventListener('dragover', stay);
  window.addEventListener('drop', stay);

  /** Until the scripts accept dropped files, the browser would leave the page to open them. @param {Event} event */
  function stay(event) {
    event.preventDefault();
  }

  function onStarted() {
    document.documentElement.setAttribute('data-started', '');
    clearTimeout(timer);
    window.removeEventListener('dragover', stay);
    window.removeEventListener('drop', stay);
    window.removeEventListener('error', onError, true);
    window.removeEventListener('unhandledrejection', onRejection);
    var box = document.querySelector('.start-failed');
    if (box && isSlow) box.remove();
  }

  /** @param {Event} event  of a script, or of an element that could not be loaded */
  function onError(event) {
    var element = /** @type {any} */ (event.target);
    if (element && element.type === 'module')
      return say('This page could not start: ' + missing() + ' could not be loaded.', true);
    if (element && element.tagName)
      return say(
        'Part of this page, ' +
          nameOf(element.href || element.src) +
          ', could not be loaded; the page may not look or work as it should.',
        false,
      );
    sayWhy(/** @type {ErrorEvent} */ (event).message || '');
  }

  /** @param {PromiseRejectionEvent} event */
  function onRejection(event) {
    sayWhy(String((event.reason && event.reason.message) || event.reason));
  }

  /** @param {string} reason */
  function sayWhy(reason) {
    say('This page could not start. ' + (OF_TWO.test(reason) ? UPDATED : 'The browser says: ' + reason), true);
  }

  /** The files that the server refused, as far as the browser tells. */
  function missing() {
    var entries = /** @type {any[]} */ (performance.getEntriesByType('resource'));
    var names = entries
      .filter(function (entry) {
        return entry.responseStatus >= 400 && /\.js(\?|$)/.test(entry.name);
      })
      .map(function (entry) {
        return nameOf(entry.name);
      });
    return names.length ? names.slice(0, MOST_NAMES).join(', ') : 'one of its files';
  }

  /** @param {string} address */
  function nameOf(address) {
    return address.replace(document.baseURI.replace(/[^/]*([?#].*)?$/, ''), '');
  }

  /**
   * @param {string} sentence
   * @param {boolean} isOver  whether the page can no longer start
   */
  function say(sentence, isOver) {
    if (document.documentElement.hasAttribute('data-start-failed')) return;
    if (isOver) document.documentElement.setAttribute('data-start-failed', '');
    if (isOver) clearTimeout(timer);
    told = sentence;
    if (document.body) show();
    else document.addEventListener('DOMContentLoaded', show);
  }

  function show() {
    var old = document.querySelector('.start-failed');
    var box = document.createElement('p');
    var button = document.createElement('button');
    box.className = 'start-failed';
    box.setAttribute('role', 'alert');
    button.textContent = 'Reload';
    button.onclick = function () {
      button.disabled = true;
      button.textContent = 'Reloading…';
      reload();
    };
    box.appendChild(document.createTextNode(told + ' '));
    box.appendChild(button);
    if (old) old.remove();
    document.body.insertBefore(box, document.body.firstChild);
  }

  /** Requests every file from the server again: one that the browser has cached may be the cause. */
  function reload() {
    var entries = performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'));
    var own = entries.filter(function (entry) {
      return entry.name.indexOf(location.origin) === 0;
    });
    var asked = own.map(function (entry) {
      // It is cached once it has been read to its end.
      return fetch(entry.name, { cache: 'reload' })
        .then(function (response) {
          return response.arrayBuffer();
        })
        .catch(function () {});
    });
    var end = function () {
      location.reload();
    };
    setTimeout(end, HEAL_MS);
    Promise.all(asked).then(end);
  }
})();
