/** Embeddings in files: the reference's, as they are dropped, and what the page makes of them. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drop, embedded, eventually, fixture, metrics } from './page.js';

export const EXPECTED = JSON.parse(readFileSync(fixture('page/expected.json'), 'utf8')).folders;
export const PATHS = [...EXPECTED.query, ...EXPECTED.gallery];

/** A matrix as numpy saves it. @param {number[][]} rows */
export function npy(rows) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows.length}, ${rows[0].length}), }`;
  const padded = `${header.padEnd(128 - 10 - 1)}\n`;
  const values = Float32Array.from(rows.flat());
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([padded.length, 0]),
    Buffer.from(padded),
    Buffer.from(values.buffer),
  ]);
}

/** @param {string[]} paths */
export const rowsOf = (paths) => paths.map((path) => EXPECTED.embeddings[path]);
/** @param {string} path */
export const labelsOf = (path) =>
  [path, path.startsWith('query') ? 'query' : 'gallery', path.split('/')[1], ''].join(',');

/**
 * Writes files to drop into a folder.
 * @param {() => string} folder
 */
export function writerOf(folder) {
  /** @param {string} name @param {string | Uint8Array} content */
  const write = (name, content) => {
    const path = join(folder(), name);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, content);
    return path;
  };
  /** The .npy and the .csv file of the reference's embeddings. @param {string} name @param {string[]} [paths] */
  const pair = (name, paths = PATHS) => [
    write(`${name}.npy`, npy(rowsOf(paths))),
    write(`${name}.csv`, `path,set,identity,camera\n${paths.map(labelsOf).join('\n')}\n`),
  ];
  return { write, pair };
}

/** @param {import('playwright-core').Page} page @param {string[]} files */
export const dropAll = (page, files) => drop(page, '[data-testid=drop-dataset]', files);

/** @param {import('playwright-core').Page} page */
export async function assertPythonsNumbers(page) {
  await embedded(page, PATHS.length);
  const { cmc, meanAveragePrecision, meanAveragePrecisionTrapezoidal } = EXPECTED.drop;
  await eventually(async () => {
    assert.equal(await page.getByTestId('metric-n').innerText(), 'n = 24 of 27 queries');
    const found = await metrics(page);
    assert.ok(Math.abs((found['rank-1'] ?? NaN) - cmc[0]) < 1e-12);
    assert.ok(Math.abs((found.map ?? NaN) - meanAveragePrecision) < 1e-12);
    assert.ok(Math.abs((found['map-trapezoidal'] ?? NaN) - meanAveragePrecisionTrapezoidal) < 1e-12);
  });
}
