// @ts-check
/**
 * Lets the page open without a network.
 *
 * Online, every file comes from the server as if this were not here. Meanwhile a whole copy of the page is kept, one
 * deployment's files together, and is used when the server cannot be reached, or no longer has a file that a page of
 * the deployment before asks for. Which files there are, with their SHA-256, and which deployment it is, is listed in
 * pkg/files.json. Of the packages the one for this browser's CPU is kept, the others once they were used.
 *
 * @typedef {{version: string, files: Record<string, string>}} Deployment   files: SHA-256 by path
 */
/** @type {any} a ServiceWorkerGlobalScope, which TypeScript does not know together with the DOM */
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
    const cached = response.status === 404 && (await matchAny(request));
    if (cached) return cached;
    if (isOnDemand(request) && response.ok) await (await current())?.put(request, response.clone());
    return response;
  } catch (error) {
    directUntil = 0;
    const latest = await current();
    const cached = (latest && (await match(latest, request))) ?? (await matchAny(request));
    if (!cached) throw error;
    return cached;
  }
}

/** @param {Request} request  for a package that is not kept from the beginning */
function isOnDemand({ url }) {
  const [, name] = /\/pkg\/(gpu|cpu[^/]*)\//.exec(url) ?? [];
  return name !== undefined && name !== CPU_PACKAGE;
}

/**
 * A file of any complete copy.
 * @param {Request} request
 * @returns {Promise<Response | undefined>}
 */
async function matchAny(request) {
  for (const name of await complete()) {
    const cached = await match(await caches.open(name), request);
    if (cached) return cached;
  }
}

/**
 * A file of one copy; at the address of a folder, as `help/`, its index.html.
 * @param {Cache} cache
 * @param {Request} request
 * @returns {Promise<Response | undefined>}
 */
async function match(cache, request) {
  const cached = await cache.match(request, { ignoreSearch: true });
  if (cached || request.mode !== 'navigate' || !new URL(request.url).pathname.endsWith('/')) return cached;
  return cache.match(new URL('index.html', request.url).href);
}

/** A visit begins, online; when it is under way, a new deployment is looked for. */
function begin() {
  directUntil = Date.now() + DIRECT_MS;
  setTimeout(() => keep().catch(() => {}), DIRECT_MS);
}

/** The copy in use, once there is a complete one: the latest. */
async function current() {
  const name = (await complete()).at(-1);
  return name ? caches.open(name) : null;
}

/** Names of the complete copies, the oldest first. */
async function complete() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX));
  const isComplete = await Promise.all(names.map(async (name) => (await caches.open(name)).match(LIST)));
  return names.filter((_, index) => isComplete[index]);
}

/** Copies this deployment, if it is not the latest copy already, and then lets go of all but it and the one before. */
async function keep() {
  const list = await fetch(LIST, { cache: 'no-cache' });
  if (!list.ok) throw new Error(`${LIST}: the server answered ${list.status}`);
  /** @type {Deployment} */
  const { version, files } = await list.clone().json();
  const name = `${PREFIX}${CPU_PACKAGE} ${version}`;
  const before = (await complete()).at(-1);
  if (before === name) return;
  await caches.delete(name);
  const cache = await caches.open(name);
  const own = Object.entries(files).filter(
    ([file]) => !/(^|\/)pkg\/(cpu|gpu)/.test(file) || file.includes(`pkg/${CPU_PACKAGE}/`),
  );
  await Promise.all(own.map(([file, sha256]) => copy(cache, file, sha256)));
  // The list comes last: with it the copy is complete.
  await cache.put(LIST, list);
  for (const old of await caches.keys())
    if (old.startsWith(PREFIX) && old !== name && old !== before) await caches.delete(old);
}

/**
 * @param {Cache} cache
 * @param {string} file
 * @param {string} sha256  that it has in this deployment
 * @throws {Error} if the server has another one: then it is just being updated
 */
async function copy(cache, file, sha256) {
  const response = await fetch(file, { cache: 'no-cache' });
  const bytes = await response.clone().arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const found = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  if (!response.ok || found !== sha256) throw new Error(`${file} is not of this deployment`);
  // A page may not be answered with a response that was redirected, as hosts do from help/index.html to help/.
  await cache.put(file, response.redirected ? new Response(bytes, { headers: response.headers }) : response);
}
