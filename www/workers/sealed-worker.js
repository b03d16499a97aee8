// @ts-check
/**
 * Starts the workers that see images, embeddings and labels: bound by the page's own Content-Security-Policy, which
 * only lets them connect to the page's address.
 *
 * The policy of index.html does not reach a worker that comes from a network address: such a worker has the policy of
 * its own response, and a static host sends none. A worker that comes from a blob: URL inherits the page's policy, in
 * Chromium, Firefox and WebKit. So the worker's script is a few lines of the page's own that import the module.
 *
 * - The module is imported dynamically: Firefox does not ask the service worker for static imports of such a worker,
 * and
 *   then the page would not work offline. Messages that arrive before the module listens are kept for it.
 * - Worker is taken away first: a worker that this one starts from a network address would not be bound.
 * - It announces itself before the module is there, so that a worker that ends meanwhile is noticed.
 * - A browser that does not pass the policy on is detected: the policy forbids compiling text, the default does not.
 */

/** @type {Map<string, string>} blob: URLs by the address of their module; each serves all workers of its kind */
const scripts = new Map();

/**
 * @param {URL} module  that calls `serve`
 * @param {string} name
 */
export function startSealedWorker(module, name) {
  const script =
    scripts.get(module.href) ?? URL.createObjectURL(new Blob([startOf(module.href)], { type: 'text/javascript' }));
  scripts.set(module.href, script);
  // The fragment tells the workers apart in the developer's tools.
  return new Worker(`${script}#${module.pathname}`, { type: 'module', name });
}

/** @param {string} module */
function startOf(module) {
  return `
    delete self.Worker;
    delete self.SharedWorker;
    const announce = () => self.postMessage({ alive: true });
    if (!navigator.locks) announce();
    else navigator.locks.request(self.name, () => (announce(), new Promise(() => {})));
    let isBound = false;
    try { new Function(''); } catch { isBound = true; }
    const early = [];
    self.onmessage = (event) => early.push(event);
    if (!isBound) self.postMessage({ fatal: 'this browser does not bind workers to the security policy of the page, ' +
      'so they get no images' });
    else import(${JSON.stringify(module)}).then(
      () => { for (const event of early) self.onmessage(event); },
      () => self.postMessage({ fatal: 'its script could not be loaded' }),
    );
  `;
}
