/**
 * Writes the page as it is best deployed: `node .build/deployment.mjs DIRECTORY`, after the packages are built.
 *
 * All files are in a folder named by their version. Only index.html, the service worker, the list of files, and the
 * script that says when the folder is gone are next to it. So an index.html always gets files of its own deployment,
 * whatever a browser, a proxy or a half-finished upload has kept of another one. Folders of earlier versions stay in
 * the directory, so that open pages still find their files.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGE = 'index.html';
const LIST = 'pkg/files.json';
const SERVICE_WORKER = 'service-worker.js';
/** At the same address in every version: they say what is wrong with a page that a proxy has kept. */
const OF_ANY_VERSION = ['start.js', 'styles/start.css', SERVICE_WORKER];
/** Addresses of the page's own files in index.html. */
const OWN_FILES = /\b(href|src)="(?!#|[a-z]+:)([^"]+)"/g;

/**
 * @param {string} from  www/, built
 * @param {string} to
 * @returns {string}  the version
 */
export function writeSite(from, to) {
  const { version, files } = JSON.parse(readFileSync(join(from, LIST), 'utf8'));
  const folder = join(to, version);
  cpSync(from, folder, { recursive: true });
  for (const path of [PAGE, LIST, ...OF_ANY_VERSION]) rmSync(join(folder, path));
  const at = (/** @type {string} */ path) => (OF_ANY_VERSION.includes(path) ? path : `${version}/${path}`);
  const page = readFileSync(join(from, PAGE), 'utf8').replace(
    OWN_FILES,
    (_, attribute, path) => `${attribute}="${at(path)}"`,
  );
  const hash = createHash('sha256').update(page).digest('hex');
  const others = Object.entries(files).filter(([path]) => ![PAGE, './'].includes(path));
  const listed = {
    './': hash,
    [PAGE]: hash,
    ...Object.fromEntries(others.map(([path, sha256]) => [at(path), sha256])),
  };
  for (const path of OF_ANY_VERSION) cpSync(join(from, path), join(to, path));
  mkdirSync(join(to, 'pkg'), { recursive: true });
  writeFileSync(join(to, LIST), JSON.stringify({ version, files: listed }));
  // The page comes last: it puts the new version into use.
  writeFileSync(join(to, PAGE), page);
  return version;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , directory] = process.argv;
  if (!directory) throw new Error('usage: node .build/deployment.mjs DIRECTORY');
  const version = writeSite(fileURLToPath(new URL('../www', import.meta.url)), directory);
  console.log(`${directory} holds version ${version}`);
}
