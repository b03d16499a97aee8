// @ts-check
/**
 * Lets the page open without a network.
 *
 * Online, every file comes from the server as if this were not here. Meanwhile a whole copy of the page is
 * kept, one deployment's files together, and is used when the server cannot be reached. Which files there
 * are, and which deployment it is, stands in pkg/files.json. Of the packages the one for this browser's CPU is kept, the
 * others once they were used.
 *
 * @typedef {{version: string, files: string[]}} Deployment
 */
/** @type {any} a ServiceWorkerGlobalScope, which TypeScript does not know beside the DOM */
const worker = self;
const LIST = 'pkg/files.json';
/** The package for the CPU that this browser takes: the other one is not kept. */
const CPU_PACKAGE = new URL(worker.location.href).searchParams.get('cpu');
const PREFIX = `reid-web ${worker.registration.scope} `;
const DIRECT_MS = 10_000;

/** Until then requests go to the server as if this were not here. */
let directUntil = 0;

worker.addEventListener('install', (/** @type {any} */ event) => {
  worker.skipWaiting();
  event.waitUntil(keep());
});
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(worker.clients.claim()));
worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(worker.registration.scope)) return;
  const isVisit = request.mode === 'navigate';
  // The server has just answered: the page's many files need no detour through here.
  if (!isVisit && !isOnDemand(request) && Date.now() < directUntil) return;
  event.respondWith(answer(request, isVisit));
});

/**
 * @param {Request} request
 * @param {boolean} isVisit
 */
async function answer(request, isVisit) {
  try {
    const response = await fetch(request);
    if (isVisit) begin();
    if (isOnDemand(request) && response.ok) await (await current())?.put(request, response.clone());
    return response;
  } catch (error) {
    directUntil = 0;
    const cached = await (await current())?.match(request, { ignoreSearch: true });
    if (!cached) throw error;
    return cached;
  }
}

/** @param {Request} request  for a package that is not kept from the beginning */
function isOnDemand({ url }) {
  const path = url.slice(worker.registration.scope.length);
  return /^pkg\/(gpu|cpu[^/]*)\//.test(path) && !path.startsWith(`pkg/${CPU_PACKAGE}/`);
}

/** A visit begins, online; when it is under way, a new deployment is looked for. */
function begin() {
  directUntil = Date.now() + DIRECT_MS;
  setTimeout(() => keep().catch(() => {}), DIRECT_MS);
}

/** The copy in use, once there is a complete one. */
async function current() {
  const name = (await complete())[0];
  return name ? caches.open(name) : null;
}

/** Names of the complete copies. */
async function complete() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const isComplete = await Promise.all(names.map(async (name) => (await caches.open(name)).match(LIST)));
  return names.filter((_, index) => isComplete[index]);
}

/** Copies this deployment, if it is not the one that is kept, and then lets go of the old one. */
async function keep() {
  const list = await fetch(LIST, { cache: 'no-cache' });
  if (!list.ok) throw new Error(`${LIST}: the server answered ${list.status}`);
  /** @type {Deployment} */
  const { version, files } = await list.clone().json();
  const name = `${PREFIX}${CPU_PACKAGE} ${version}`;
  if ((await complete()).includes(name)) return;
  const cache = await caches.open(name);
  const own = files.filter((file) => !file.startsWith('pkg/cpu') || file.startsWith(`pkg/${CPU_PACKAGE}/`));
  await cache.addAll(own.map((file) => new Request(file, { cache: 'no-cache' })));
  // The list comes last: with it the copy is complete.
  await cache.put(LIST, list);
  for (const old of await caches.keys()) if (old.startsWith(PREFIX) && old !== name) await caches.delete(old);
}
