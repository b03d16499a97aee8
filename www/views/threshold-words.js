// @ts-check
/** What a threshold does, in sentences: for the page and for the report. */
import { count, whole } from '../format.js';

/**
 * @param {import('../types.js').AtThreshold} found
 * @param {(import('../types.js').Evaluation & import('../types.js').StudyNumbers) | null} study
 */
export function thresholdWords({ pairs, queries, accepted, rejected }, study) {
  return [...pairLines(pairs, study), ...queryLines(queries, accepted, rejected, study)];
}

/**
 * @param {import('../types.js').ErrorRates | null} pairs
 * @param {any} study
 */
function pairLines(pairs, study) {
  if (!pairs || !study) return [];
  const { genuine, impostor } = study.verification;
  const missed = genuine.pairs - pairs.truePositives;
  return [
    `${whole(pairs.falsePositives)} of ${count(impostor.pairs, 'wrong pair')} would be accepted (FPR ${rate(pairs.falsePositiveRate)}).`,
    `${whole(missed)} of ${count(genuine.pairs, 'right pair')} would be missed (FNR ${rate(pairs.falseNegativeRate)}).`,
  ];
}

/**
 * @param {import('../types.js').OpenSetRates} queries
 * @param {number} accepted
 * @param {number} rejected
 * @param {any} study
 */
function queryLines({ identified, falseAlarms }, accepted, rejected, study) {
  const { known = 0, unknown = 0 } = study?.openSet ?? {};
  return [
    `Verdicts: ${count(accepted, 'query', 'queries')} “match”, ${whole(rejected)} “not in the gallery”.`,
    ...(known ? [`Of the ${count(known, 'query', 'queries')} in the gallery, ${whole(identified)} would be identified rightly (DIR ${rate(identified / known)}).`] : []),
    ...(unknown ? [`Of the ${count(unknown, 'query', 'queries')} not in the gallery, ${whole(falseAlarms)} would be accepted (FPIR ${rate(falseAlarms / unknown)}).`] : []),
  ];
}

/** @param {number} value  also small ones, in three digits */
function rate(value) {
  return value === 0 || value >= 0.01 ? value.toFixed(3) : value.toPrecision(2);
}
