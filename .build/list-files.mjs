/**
 * Lists what the page consists of: `www/pkg/packages.js` has the packages that are built, and `www/pkg/files.json` has,
 * for the service worker, every file with its SHA-256, and a version that names exactly these files.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const WWW = fileURLToPath(new URL('../www/', import.meta.url));
const LIST = 'pkg/files.json';
const NOT_SERVED = /(^|\/)\.|\.d\.ts$|\.part$/;

const sha256 = (/** @type {string | Buffer} */ data) => createHash('sha256').update(data).digest('hex');

/** @param {string} folder @returns {string[]} */
function filesIn(folder) {
  return readdirSync(WWW + folder, { withFileTypes: true }).flatMap((entry) => {
    const path = folder + entry.name;
    return entry.isDirectory() ? filesIn(`${path}/`) : [path];
  });
}

/** Nobody ever reads half of the new file. @param {string} path @param {string} text */
function write(path, text) {
  const part = `${WWW}${path}.part`;
  writeFileSync(part, text);
  renameSync(part, WWW + path);
}

const built = readdirSync(`${WWW}pkg`)
  .filter((name) => existsSync(`${WWW}pkg/${name}/.built`))
  .sort();
write('pkg/packages.js', `export const PACKAGES = ${JSON.stringify(built)};\n`);
const paths = filesIn('')
  .filter((path) => !NOT_SERVED.test(path) && path !== LIST)
  .sort();
const files = Object.fromEntries(paths.map((path) => [path, sha256(readFileSync(WWW + path))]));
const version = sha256(JSON.stringify(files)).slice(0, 16);
write(LIST, JSON.stringify({ version, files: { './': files['index.html'], ...files } }));
