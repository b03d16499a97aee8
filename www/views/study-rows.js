// @ts-check
/**
 * What a study says, line by line: for the page and for the report.
 *
 * @typedef {import('../types.js').Interval} Interval
 * @typedef {import('../types.js').Studied} Studied
 * @typedef {object} Row
 * @property {string} name
 * @property {string} definition   where it stands: definition.js
 * @property {number | null} value
 * @property {number} [rank]       k of a number at rank k
 * @property {Interval | null} [interval]
 * @property {Interval | null} [change]   by refinements
 * @property {string} [note]       instead of an interval
 */
import { count, fraction, NOTHING, whole } from '../format.js';

/**
 * @param {Studied} studied
 * @returns {Row[]}
 */
export function rowsOf({ study, comparison }) {
  const { cmc, intervals, retrieval, verification, bestBalanced, atFalseAlarms } = study;
  const change = comparison?.differences;
  const rank = (/** @type {number} */ k) => cmc[Math.min(k, cmc.length) - 1] ?? null;
  return [
    { name: 'Rank-1', definition: 'rank-1', rank: 1, value: rank(1), interval: intervals.rank1, change: change?.rank1 },
    { name: 'Rank-5', definition: 'rank-5', rank: 5, value: rank(5), interval: intervals.rank5, change: change?.rank5 },
    { name: 'Rank-10', definition: 'rank-10', rank: 10, value: rank(10), interval: intervals.rank10, change: change?.rank10 },
    { name: 'mAP', definition: 'map', value: study.meanAveragePrecision, interval: intervals.meanAveragePrecision, change: change?.meanAveragePrecision },
    { name: 'mAP, trapezoidal', definition: 'map-trapezoidal', value: study.meanAveragePrecisionTrapezoidal, interval: intervals.meanAveragePrecisionTrapezoidal, change: change?.meanAveragePrecisionTrapezoidal },
    { name: 'mINP', definition: 'minp', value: retrieval.meanInverseNegativePenalty, interval: intervals.meanInverseNegativePenalty, change: change?.meanInverseNegativePenalty },
    { name: 'R-precision', definition: 'r-precision', value: retrieval.meanRPrecision },
    { name: 'nDCG', definition: 'ndcg', value: retrieval.meanNormalisedDiscountedGain },
    ...retrieval.at.slice(1).flatMap(({ rank, meanPrecision, meanRecall }) => [
      { name: `Precision at ${rank}`, definition: 'precision-recall', rank, value: meanPrecision }, { name: `Recall at ${rank}`, definition: 'precision-recall', rank, value: meanRecall },
    ]),
    { name: 'AUC', definition: 'auc', value: verification.areaUnderCurve },
    { name: 'EER', definition: 'eer', value: verification.equalErrorRate?.rate ?? null },
    { name: 'd′', definition: 'd-prime', value: verification.dPrime },
    ...verification.truePositiveRates.map(({ target, truePositiveRate, tooFewImpostors }) => (
      { name: `TPR at FPR ${target}`, definition: 'tpr', value: truePositiveRate, note: tooFewImpostors ? 'too few wrong pairs' : '' })),
    ...(bestBalanced ? [{ name: 'Best balanced accuracy, open set', definition: 'open-set', value: bestBalanced.balancedAccuracy }] : []),
    ...(atFalseAlarms ? [{ name: 'DIR at FPIR ≤ 0.01', definition: 'open-set', value: atFalseAlarms.detectionAndIdentificationRate }] : []),
  ];
}

/** @param {Row} row  its interval, or why there is none */
export function rangeOf({ interval, note = '' }) {
  return interval ? `${fraction(interval.low)} to ${fraction(interval.high)}` : note;
}

/** @param {Row} row  what refinements change, with its interval */
export function changeOf({ change }) {
  return change ? `${signed(change.estimate)} (${signed(change.low)} to ${signed(change.high)})` : '';
}

/** @param {number} value */
function signed(value) {
  return value > 0 ? `+${fraction(value)}` : fraction(value);
}

/** @param {Studied} studied */
export function noteOf({ study, comparison }) {
  const { evaluated, queries, verification, openSet, intervals } = study;
  const pairs = `${count(verification.genuine.pairs, 'right pair')}, ${count(verification.impostor.pairs, 'wrong pair')}`;
  const sets = `${whole(openSet.known)} queries in the gallery, ${whole(openSet.unknown)} not`;
  const few = intervals.rank1 ? '' : ` No intervals (${NOTHING}): they need two identities.`;
  const multi = comparison === null && study.settings.averageQueries ? ' Averaged queries are not the same queries, so no change is shown.' : '';
  return `n = ${whole(evaluated)} of ${count(queries, 'query', 'queries')}; ${pairs}; ${sets}.${few}${multi}`;
}
