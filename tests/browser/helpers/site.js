/** www/ on a static host of its own, below a path as on GitHub Pages; and what all tests of the page share. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import sirv from 'sirv';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const BASE = '/some/path/';
const LIST = 'pkg/files.json';
/** Where the page's own scripts begin; a probe has to come before them. */
const FIRST_IN_HEAD = '<meta name="viewport"';

/** @param {string} path  below tests/fixtures */
export const fixture = (path) => `${ROOT}tests/fixtures/${path}`;

/** The tiny model that the fixtures' numbers were computed with. */
export const MODEL = ['config.json', 'model.safetensors'].map((name) => fixture(`clip/quick-gelu/${name}`));

/**
 * @param {object} [options]
 * @param {number} [options.maxAge]  seconds that the browser may take files from its cache, as on a public host
 * @param {Record<string, string>} [options.scripts]  served in place of those in www, by path
 * @param {string} [options.probe]  a script that runs before the page's own ones
 * @param {string} [options.folder]  in place of www
 */
export async function serve({ maxAge = 0, scripts = {}, probe = '', folder = `${ROOT}www` } = {}) {
  const files = sirv(folder, maxAge ? { etag: true, maxAge } : { dev: true });
  const cacheable = maxAge ? { 'Cache-Control': `public,max-age=${maxAge}` } : {};
  const replaced = probe ? { ...scripts, 'probe.js': probe } : scripts;
  /** @type {string[]} paths asked for */
  const requests = [];
  const server = createServer((request, response) => {
    requests.push(request.url ?? '');
    if (!request.url?.startsWith(BASE)) return response.writeHead(404).end();
    const path = request.url.slice(BASE.length);
    const script = replaced[path];
    if (script !== undefined)
      return response.writeHead(200, { 'Content-Type': 'text/javascript', ...cacheable }).end(script);
    if (path === LIST && Object.keys(replaced).length > 0) {
      return response
        .writeHead(200, { 'Content-Type': 'application/json' })
        .end(listOf(folder, { ...replaced, ...(probe && { './': probedPage(), 'index.html': probedPage() }) }));
    }
    if (probe && /^(index\.html)?(\?|$)/.test(path))
      return response.writeHead(200, { 'Content-Type': 'text/html' }).end(probedPage());
    request.url = request.url.slice(BASE.length - 1);
    files(request, response, () => void response.writeHead(404).end());
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(null)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  /** Takes the server away. */
  const cut = () => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `http://127.0.0.1:${port}${BASE}`, requests, cut };
}

/**
 * The list of files with the hashes of those that are served in place of others.
 *
 * @param {string} folder
 * @param {Record<string, string>} replaced
 */
function listOf(folder, replaced) {
  const list = JSON.parse(readFileSync(`${folder}/${LIST}`, 'utf8'));
  const others = Object.entries(replaced).filter(([path]) => path in list.files);
  const hashes = others.map(([path, text]) => [path, createHash('sha256').update(text).digest('hex')]);
  return JSON.stringify({ ...list, files: { ...list.files, ...Object.fromEntries(hashes) } });
}

function probedPage() {
  const html = readFileSync(`${ROOT}www/index.html`, 'utf8');
  if (!html.includes(FIRST_IN_HEAD)) throw new Error(`index.html has no ${FIRST_IN_HEAD}`);
  return html.replace(FIRST_IN_HEAD, `<script src="probe.js"></script>${FIRST_IN_HEAD}`);
}

/**
 * Tries again until the assertions hold; after ten seconds the last failure is thrown.
 *
 * @param {() => Promise<void>} assertions
 */
export async function eventually(assertions) {
  const end = Date.now() + 10_000;
  for (;;) {
    try {
      return await assertions();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
