/**
 * From the measurements of all turns to a table.
 *
 * @typedef {import('./cases.js').Case} Case
 * @typedef {Record<string, any>} Turn  one measurement: numbers by name, or `error`
 */
import { flops } from './flops.js';

/** @param {number[]} numbers */
export const median = (numbers) => {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/** The number of each turn where there is one. @param {Turn[]} turns @param {string} name */
const known = (turns, name) => turns.map((turn) => turn[name]).filter((value) => typeof value === 'number');

/**
 * Medians over the turns, the worst of differences and memory.
 *
 * @param {Case} one
 * @param {Turn[]} turns
 * @param {any} config  of the model
 */
export function summary(one, turns, config) {
  const errors = turns.flatMap(({ error, folderError }) => [error, folderError].filter(Boolean));
  const of = (/** @type {string} */ name, choose = median) => {
    const values = known(turns, name);
    return values.length ? choose(values) : null;
  };
  const most = (/** @type {number[]} */ values) => Math.max(...values);
  /** At the better batch size. */
  const gflops = (/** @type {Turn} */ turn) => flops(config) / Math.min(turn.batch1Ms, turn.batch8Ms ?? Infinity) / 1e6;
  const done = turns.filter((turn) => turn.batch1Ms);
  // The peak is that of one thread.
  const shares = done.filter((turn) => turn.peakGflops).map((turn) => gflops(turn) / turn.peakGflops);
  return {
    key: one.key,
    workers: of('workers'),
    loadMs: of('loadMs'),
    firstMs: of('firstMs'),
    batch1Ms: of('batch1Ms'),
    batch8Ms: of('batch8Ms'),
    photosPerSecond: of('photosPerSecond'),
    photos: of('photos'),
    peakMB: of('peakMB', most),
    largestDifference: of('largestDifference', most),
    lowestCosine: of('lowestCosine', (values) => Math.min(...values)),
    folderLowestCosine: of('folderLowestCosine', (values) => Math.min(...values)),
    gflops: done.length ? median(done.map(gflops)) : null,
    peakGflops: of('peakGflops'),
    shareOfPeak: shares.length ? median(shares) : null,
    ...(errors.length ? { errors } : {}),
  };
}

/**
 * How many times as fast we are, turn by turn; the median of the turns.
 *
 * @param {Turn[]} ours
 * @param {Turn[]} peer
 */
export function ratios(ours, peer) {
  const pairs = ours.map((turn, index) => /** @type {const} */ ([turn, peer[index] ?? {}]));
  const of = (/** @type {(turn: Turn) => number | null} */ speed) => {
    const values = pairs.map(([a, b]) => (speed(a) ?? NaN) / (speed(b) ?? NaN)).filter(Number.isFinite);
    return values.length ? median(values) : null;
  };
  const perMs = (/** @type {string} */ name) => (/** @type {Turn} */ turn) => (turn[name] ? 1 / turn[name] : null);
  const best = (/** @type {Turn} */ turn) => 1 / Math.min(turn.batch1Ms ?? Infinity, turn.batch8Ms ?? Infinity) || null;
  return {
    batch1: of(perMs('batch1Ms')),
    batch8: of(perMs('batch8Ms')),
    betterBatch: of(best),
    first: of(perMs('firstMs')),
    folder: of(({ photosPerSecond }) => photosPerSecond ?? null),
  };
}

/**
 * Rows of objects with the same keys as text in columns.
 *
 * @param {Record<string, unknown>[]} rows
 */
export function table(rows) {
  if (!rows.length) return '';
  const names = Object.keys(rows[0]);
  const cells = [names, ...rows.map((row) => names.map((name) => text(row[name])))];
  const widths = names.map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  return cells
    .map((line) =>
      line.map((cell, column) => (column ? cell.padStart(widths[column]) : cell.padEnd(widths[column]))).join('  '),
    )
    .join('\n');
}

/** @param {unknown} value */
function text(value) {
  if (typeof value !== 'number') return String(value ?? '–');
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString();
}
