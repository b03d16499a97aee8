/**
 * Cargo tells by file times what has changed, and a fresh clone's files are all new. This gives every source the time at
 * which its content was first seen on this machine: what was built from the same content is not compiled again, and what
 * another clone built from another content is.
 *
 * `node .build/source-times.mjs RECORD` keeps the times in the file RECORD.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the compiler reads: sources, and fixtures that tests hold. */
const FOLDERS = ['src', '.build', 'tests/api', 'tests/fixtures', 'tests/reference', 'www/models', 'www/samples'];
const SKIPPED = new Set(['node_modules', '__pycache__']);

/** @typedef {{sha256: string, seconds: number}} Seen */

/** @param {string} folder @returns {string[]} */
function filesIn(folder) {
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
const seen = FOLDERS.flatMap(filesIn).map((path) => {
  const sha256 = createHash('sha256').update(readFileSync(path)).digest('hex');
  const earlier = before[path];
  return [path, earlier?.sha256 === sha256 ? earlier : { sha256, seconds: now }];
});
const after = /** @type {Record<string, Seen>} */ (Object.fromEntries(seen));
for (const [path, { seconds }] of Object.entries(after)) utimesSync(path, seconds, seconds);
// Whole or not at all, even if two builds start at once.
const part = `${record}.${process.pid}`;
writeFileSync(part, JSON.stringify(after));
renameSync(part, record);
