/**
 * Cargo recognises changes by file times, and in a fresh clone all files are new. This sets the time of every source to
 * when its content was first seen on this machine. So what was built from the same content is not compiled again, and
 * what another clone built from different content is.
 *
 * `node .build/source-times.mjs RECORD` keeps the times in the file RECORD, and prints a name for the content of all
 * sources of the packages.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the compiler reads: sources, and fixtures that tests hold. */
const READ = [
  ...['src', '.build', '.cargo', 'Cargo.toml', 'Cargo.lock'],
  ...['tests/api', 'tests/fixtures', 'tests/reference', 'www/models', 'www/samples'],
];
/** What the packages are made from, in every detail. */
const OF_PACKAGES = /^(src\/(?!bin\/)|\.build\/packages\.sh$|\.cargo\/|Cargo\.(toml|lock)$)/;
const SKIPPED = new Set(['node_modules', '__pycache__']);

/** @typedef {{sha256: string, seconds: number}} Seen */

const sha256 = (/** @type {string | Buffer} */ data) => createHash('sha256').update(data).digest('hex');

/** @param {string} folder  or a file @returns {string[]} */
function filesIn(folder) {
  if (statSync(folder).isFile()) return [folder];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : filesIn(path);
    return entry.isFile() ? [path] : [];
  });
}

/** @param {string} record @returns {Record<string, Seen>}  by path; nothing if there is no record that can be read */
function readRecord(record) {
  try {
    return JSON.parse(readFileSync(record, 'utf8'));
  } catch {
    return {};
  }
}

const [, , record] = process.argv;
if (!record) throw new Error('usage: node .build/source-times.mjs RECORD');
const before = readRecord(record);
const now = Math.floor(Date.now() / 1000);
const seen = READ.flatMap(filesIn).map((path) => {
  const hash = sha256(readFileSync(path));
  const earlier = before[path];
  return [path, earlier?.sha256 === hash ? earlier : { sha256: hash, seconds: now }];
});
const after = /** @type {Record<string, Seen>} */ (Object.fromEntries(seen));
for (const [path, { seconds }] of Object.entries(after)) utimesSync(path, seconds, seconds);
// Whole or not at all, even if two builds start at once.
const part = `${record}.${process.pid}`;
writeFileSync(part, JSON.stringify(after));
renameSync(part, record);
const parts = Object.entries(after)
  .filter(([path]) => OF_PACKAGES.test(path) && !path.endsWith('.md'))
  .map(([path, { sha256 }]) => `${path} ${sha256}`);
console.log(sha256(parts.sort().join('\n')).slice(0, 16));
