/** Runs in the page before its own scripts: keeps what goes wrong, for browsers whose console a driver cannot read. */
(() => {
  /** @type {string[]} */
  const faults = [];
  Object.assign(window, { faults });
  addEventListener(
    'error',
    ({ message, filename, target }) => {
      const source = target instanceof Element ? target.outerHTML.slice(0, 200) : filename;
      faults.push(`${message ?? 'not loaded'} (${source})`);
    },
    true,
  );
  addEventListener('unhandledrejection', ({ reason }) => faults.push(`unhandled rejection: ${reason}`));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    faults.push(`Content Security Policy: ${violatedDirective} refuses ${blockedURI}`);
  });
  const { error } = console;
  console.error = (...words) => {
    faults.push(words.map(String).join(' '));
    error.apply(console, words);
  };
})();
