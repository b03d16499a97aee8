/**
 * Writes the page as it is best deployed: `node deployment.mjs DIRECTORY`, after the packages are built.
 *
 * Every file is in a folder that is named by the version of all of them, and only index.html, the service worker and the
 * list of files are beside it. So the files that an index.html asks for are of its own deployment, whatever a browser, a
 * proxy or a half-finished upload has kept of another one. Folders of earlier versions that are in the directory stay: pages
 * that are open still find their files.
 */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PAGE = 'index.html';
const LIST = 'pkg/files.json';
const SERVICE_WORKER = 'service-worker.js';
/** Addresses in index.html of files beside it. */
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
  for (const path of [PAGE, LIST, SERVICE_WORKER]) rmSync(join(folder, path));
  const page = readFileSync(join(from, PAGE), 'utf8').replace(OWN_FILES, `$1="${version}/$2"`);
  const hash = createHash('sha256').update(page).digest('hex');
  const inFolder = Object.entries(files).filter(([path]) => !['./', PAGE, SERVICE_WORKER].includes(path));
  const listed = { './': hash, [PAGE]: hash, [SERVICE_WORKER]: files[SERVICE_WORKER], ...Object.fromEntries(inFolder.map(([path, sha256]) => [`${version}/${path}`, sha256])) };
  mkdirSync(join(to, 'pkg'), { recursive: true });
  cpSync(join(from, SERVICE_WORKER), join(to, SERVICE_WORKER));
  writeFileSync(join(to, LIST), JSON.stringify({ version, files: listed }));
  // The page comes last: with it the new version is in use.
  writeFileSync(join(to, PAGE), page);
  return version;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [, , directory] = process.argv;
  if (!directory) throw new Error('usage: node deployment.mjs DIRECTORY');
  const version = writeSite(fileURLToPath(new URL('www', import.meta.url)), directory);
  console.log(`${directory} holds version ${version}`);
}
