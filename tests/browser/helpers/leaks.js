/**
 * What leaves a worker that wants to send something away: a probe is put into the worker modules that the test's server
 * serves, and a second server writes down what reaches it. For any browser: the page only has to be opened with
 * `scripts`.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

/** Modules of the workers that see images, embeddings or labels. */
export const SEEING = ['encoder/worker.js', 'matching/worker.js'];
/** A module of the page's own address, for a worker in a worker. */
const NESTED = 'probe-nested.js';

/** A server that nothing may be sent to. It answers so that a sender is content. */
export async function startSecondServer() {
  /** @type {string[]} method and path of what reached it */
  const received = [];
  const server = createServer((request, response) => {
    received.push(`${request.method} ${request.url}`);
    const type = request.url?.startsWith('/import')
      ? 'text/javascript'
      : request.url?.startsWith('/events')
        ? 'text/event-stream'
        : 'text/plain';
    response.writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Content-Type': type }).end();
  });
  server.on('upgrade', (request, socket) => {
    received.push(`WebSocket ${request.url}`);
    socket.destroy();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `http://127.0.0.1:${port}`, received, close };
}

/**
 * What to serve in place of the page's own scripts, so that every worker that sees images tries to send to `other` when
 * it starts, in every way that a browser has, and then asks the page's own address for
 * `probe-done?WORKER&WAY=RESULT&…`.
 *
 * @param {string} other  address
 * @returns {Record<string, string>}  by path
 */
export function scriptsWithProbe(other) {
  const scripts = Object.fromEntries(
    SEEING.map((path) => {
      const source = readFileSync(new URL(`../../../www/${path}`, import.meta.url), 'utf8');
      return [path, `${source}\n(${probe})(${JSON.stringify(other)}, ${JSON.stringify(path)}, import.meta.url);\n`];
    }),
  );
  return { ...scripts, [NESTED]: `(${nested})();` };
}

/**
 * The workers that tried everything, of the paths that the page's server was asked for.
 * @param {string[]} requests
 * @returns {{worker: string, tries: Record<string, string>}[]}
 */
export function probed(requests) {
  const reports = requests.filter((path) => path.includes('probe-done?'));
  return reports.map((path) => {
    const { worker, ...tries } = Object.fromEntries(new URLSearchParams(path.split('?')[1]));
    return { worker, tries };
  });
}

/**
 * Runs in the worker.
 *
 * @param {string} other
 * @param {string} worker
 * @param {string} own  address of the worker's module
 */
async function probe(other, worker, own) {
  const root = own.slice(0, own.indexOf(worker));
  const to = (/** @type {string} */ way) => `${other}/${way}?${worker}`;
  const answer = (/** @type {any} */ target, /** @type {string} */ good) =>
    new Promise((resolve, reject) => {
      target[good] = resolve;
      target.onerror = reject;
      setTimeout(reject, 4000);
    });
  const inWorker = (/** @type {string} */ address) => {
    const started = new Worker(address, { type: 'module' });
    started.postMessage(to('nested'));
    return answer(started, 'onmessage').then(({ data }) => data || Promise.reject());
  };
  const request = new XMLHttpRequest();
  /** @type {Record<string, () => any>} */
  const ways = {
    fetch: () => fetch(to('fetch'), { method: 'POST', body: 'pixels', mode: 'no-cors', keepalive: true }),
    xhr: () => (request.open('POST', to('xhr')), request.send('pixels'), answer(request, 'onload')),
    socket: () => answer(new WebSocket(to('socket').replace('http', 'ws')), 'onopen'),
    events: () => answer(new EventSource(to('events')), 'onopen'),
    import: () => import(to('import')),
    beacon: () => /** @type {any} */ (navigator).sendBeacon(to('beacon'), 'pixels') || Promise.reject(),
    transport: () => new WebTransport(to('transport').replace('http', 'https')).ready,
    nested: () => inWorker(`${root}probe-nested.js`),
    nestedBlob: () =>
      inWorker(
        URL.createObjectURL(
          new Blob([`import ${JSON.stringify(`${root}probe-nested.js`)};`], { type: 'text/javascript' }),
        ),
      ),
  };
  const results = await Promise.all(
    Object.entries(ways).map(async ([way, send]) => {
      const result = await Promise.resolve()
        .then(send)
        .then(
          () => 'sent',
          () => 'stopped',
        );
      return [way, result];
    }),
  );
  await fetch(`${root}probe-done?${new URLSearchParams({ worker, ...Object.fromEntries(results) })}`);
}

/** Runs in a worker that the worker starts. */
function nested() {
  self.onmessage = async ({ data }) => {
    const result = await fetch(data, { mode: 'no-cors' }).then(
      () => 'sent',
      () => '',
    );
    self.postMessage(result);
  };
}
