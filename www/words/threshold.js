// @ts-check
/** What a threshold does, in sentences: for the page and for the report. */
import { count, whole } from './format.js';
import { intervalWords } from './intervals.js';

/** @typedef {import('../types.js').Studied['study'] | null} Study   that the threshold was tried on */

/**
 * @param {import('../types.js').AtThreshold} found
 * @param {Study} study
 */
export function thresholdWords(found, study) {
  return [...pairLines(found.pairs, study), ...queryLines(found, study)];
}

/**
 * @param {import('../types.js').ErrorRates | null} pairs
 * @param {Study} study
 */
function pairLines(pairs, study) {
  if (!pairs || !study) return [];
  const { genuine, impostor } = study.verification;
  const missed = genuine.pairs - pairs.truePositives;
  return [
    `${whole(pairs.falsePositives)} of ${count(impostor.pairs, 'different-identity pair')} would be accepted ` +
      `(FPR ${rate(pairs.falsePositiveRate)}).`,
    `${whole(missed)} of ${count(genuine.pairs, 'same-identity pair')} would be missed (FNR ` +
      `${rate(pairs.falseNegativeRate)}).`,
  ];
}

/**
 * @param {import('../types.js').AtThreshold} found
 * @param {Study} study
 */
function queryLines({ queries, intervals, accepted, rejected }, study) {
  const { identified, falseAlarms, detectionAndIdentificationRate, falsePositiveIdentificationRate } = queries;
  const { known = 0, unknown = 0 } = study?.openSet ?? {};
  return [
    `${count(accepted, 'query', 'queries')} would be called a match, ${whole(rejected)} “not in the gallery”.`,
    ...(known
      ? [
          `Of the ${count(known, 'query', 'queries')} in the gallery, ${whole(identified)} would be identified ` +
            `correctly (DIR ${sure(detectionAndIdentificationRate, intervals.detectionAndIdentificationRate)}).`,
        ]
      : []),
    ...(unknown
      ? [
          `Of the ${count(unknown, 'query', 'queries')} not in the gallery, ${whole(falseAlarms)} would be accepted ` +
            `(FPIR ${sure(falsePositiveIdentificationRate, intervals.falsePositiveIdentificationRate)}).`,
        ]
      : []),
  ];
}

/**
 * @param {number | null} value
 * @param {import('../types.js').Interval | null} interval
 */
function sure(value, interval) {
  const shown = value === null ? '–' : rate(value);
  return interval ? `${shown}; 95 % interval: ${intervalWords(interval, rate)}` : shown;
}

/** @param {number} value  two digits of a small one, else three */
function rate(value) {
  return value === 0 || value >= 0.01 ? value.toFixed(3) : value.toPrecision(2);
}
