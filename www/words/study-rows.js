// @ts-check
/**
 * The metrics of a study, row by row: for the page and for the report.
 *
 * @typedef {import('../types.js').Interval} Interval
 * @typedef {import('../types.js').Studied} Studied
 * @typedef {object} Row
 * @property {string} name
 * @property {string} definition   its key in definitions.js
 * @property {number | null} value
 * @property {number} [rank]       k of a metric at rank k
 * @property {Interval | null} [interval]
 * @property {number | null} [plain]   the same without refinements
 * @property {Interval | null} [change]   by refinements
 * @property {string} [note]       instead of an interval
 */
import { count, fraction, NOTHING, whole } from './format.js';
import { cautionWords, intervalWords } from './intervals.js';
import {
  notEmbeddedWords,
  sameFileWords,
  smallGalleryWords,
  unlabelledGalleryWords,
  unmatchedWords,
  whyNoneSentence,
} from './reasons.js';

/**
 * @param {Studied} studied
 * @returns {Row[]}
 */
export function rowsOf({ study, comparison }) {
  const { verification, bestBalanced, atFalseAlarms } = study;
  const plain = comparison?.plain;
  return [
    ...rowsOfRanks(study, comparison),
    { name: 'AUC', definition: 'auc', value: verification.areaUnderCurve, plain: plain?.areaUnderCurve },
    { name: 'EER', definition: 'eer', value: verification.equalErrorRate?.rate ?? null, plain: plain?.equalErrorRate },
    { name: 'd′', definition: 'd-prime', value: verification.dPrime, plain: plain?.dPrime },
    ...verification.truePositiveRates.map(({ target, truePositiveRate, tooFewImpostors }, at) => ({
      name: `TPR at FPR ${target}`,
      definition: 'tpr',
      value: truePositiveRate,
      plain: plain?.truePositiveRates[at],
      note: tooFewImpostors ? 'not enough different-identity pairs to tell' : '',
    })),
    ...(bestBalanced
      ? [
          {
            name: 'Best balanced accuracy, open set',
            definition: 'open-set',
            value: bestBalanced.balancedAccuracy,
            plain: plain?.bestBalanced?.balancedAccuracy,
          },
        ]
      : []),
    ...(atFalseAlarms
      ? [
          {
            name: 'DIR at FPIR ≤ 0.01',
            definition: 'open-set',
            value: atFalseAlarms.detectionAndIdentificationRate,
            plain: plain?.atFalseAlarms?.detectionAndIdentificationRate,
          },
        ]
      : []),
  ];
}

/**
 * @param {Studied['study']} study
 * @param {Studied['comparison']} comparison
 * @returns {Row[]}
 */
function rowsOfRanks({ cmc, intervals, retrieval, meanAveragePrecision, meanAveragePrecisionTrapezoidal }, comparison) {
  const [plain, change] = [comparison?.plain, comparison?.differences];
  const rank = (/** @type {number} */ k) => cmc[Math.min(k, cmc.length) - 1] ?? null;
  return [
    {
      name: 'Rank-1',
      definition: 'rank-1',
      rank: 1,
      value: rank(1),
      interval: intervals.rank1,
      plain: plain?.cmc[0],
      change: change?.rank1,
    },
    {
      name: 'Rank-5',
      definition: 'rank-5',
      rank: 5,
      value: rank(5),
      interval: intervals.rank5,
      plain: plain?.cmc[1],
      change: change?.rank5,
    },
    {
      name: 'Rank-10',
      definition: 'rank-10',
      rank: 10,
      value: rank(10),
      interval: intervals.rank10,
      plain: plain?.cmc[2],
      change: change?.rank10,
    },
    {
      name: 'mAP',
      definition: 'map',
      value: meanAveragePrecision,
      interval: intervals.meanAveragePrecision,
      plain: plain?.meanAveragePrecision,
      change: change?.meanAveragePrecision,
    },
    {
      name: 'mAP, trapezoidal',
      definition: 'map-trapezoidal',
      value: meanAveragePrecisionTrapezoidal,
      interval: intervals.meanAveragePrecisionTrapezoidal,
      plain: plain?.meanAveragePrecisionTrapezoidal,
      change: change?.meanAveragePrecisionTrapezoidal,
    },
    {
      name: 'mINP',
      definition: 'minp',
      value: retrieval.meanInverseNegativePenalty,
      interval: intervals.meanInverseNegativePenalty,
      plain: plain?.retrieval.meanInverseNegativePenalty,
      change: change?.meanInverseNegativePenalty,
    },
    {
      name: 'R-precision',
      definition: 'r-precision',
      value: retrieval.meanRPrecision,
      plain: plain?.retrieval.meanRPrecision,
    },
    {
      name: 'nDCG',
      definition: 'ndcg',
      value: retrieval.meanNormalisedDiscountedGain,
      plain: plain?.retrieval.meanNormalisedDiscountedGain,
    },
    ...retrieval.at.slice(1).flatMap(({ rank, meanPrecision, meanRecall }, at) => [
      {
        name: `Precision at ${rank}`,
        definition: 'precision-recall',
        rank,
        value: meanPrecision,
        plain: plain?.retrieval.at[at + 1].meanPrecision,
      },
      {
        name: `Recall at ${rank}`,
        definition: 'precision-recall',
        rank,
        value: meanRecall,
        plain: plain?.retrieval.at[at + 1].meanRecall,
      },
    ]),
  ];
}

/** @param {Row} row  its interval, or why there is none */
export function rangeOf({ interval, note = '' }) {
  return interval ? intervalWords(interval) : note;
}

/** @param {Row} row  what refinements change, with its interval */
export function changeOf({ change }) {
  if (!change) return '';
  if (change.caution?.kind === 'noSpread' && change.estimate === 0) return 'none';
  return `${signed(change.estimate)} (${intervalWords(change, signed)})`;
}

/** @param {number} value */
function signed(value) {
  return value > 0 ? `+${fraction(value)}` : fraction(value);
}

/**
 * Whether the compared columns are of the same queries.
 * @param {Studied['study']} study
 * @param {import('../types.js').Comparison} comparison
 */
function differenceNote({ evaluated }, { plain, differences }) {
  const both = differences?.rank1?.queries;
  if (evaluated === plain.evaluated || both === undefined) return '';
  return (
    `With refinements n = ${whole(evaluated)}, without n = ${whole(plain.evaluated)}; the change is taken over ` +
    `the ${count(both, 'query', 'queries')} that both have.`
  );
}

/** @param {Studied} studied */
export function noteOf({ study, comparison }) {
  const { evaluated, queries, notEmbedded, verification, openSet, intervals, unmatched, unmatchedBy, sameFile } = study;
  const pairs =
    `${count(verification.genuine.pairs, 'same-identity pair')}, ` +
    `${count(verification.impostor.pairs, 'different-identity pair')}`;
  const sets = `${count(openSet.known, 'query', 'queries')} with a match, ${whole(openSet.unknown)} not in the gallery`;
  const why = whyNoneSentence(study);
  const missing = notEmbeddedWords(notEmbedded);
  const unlabelled = unlabelledGalleryWords(study);
  const small = smallGalleryWords(study);
  return [
    `n = ${whole(evaluated)} of ${count(queries + notEmbedded.queries, 'query', 'queries')}; ${pairs}; ${sets}.`,
    ...(missing ? [`${missing}.`] : []),
    ...(unlabelled ? [`${unlabelled}.`] : []),
    ...(small ? [`${small}.`] : []),
    ...(why ? [why] : []),
    ...(unmatched && !why ? [`Without a match: ${unmatchedWords(unmatchedBy)}.`] : []),
    ...(sameFile ? [`Same file as the query: ${sameFileWords(sameFile)}.`] : []),
    ...(intervals.rank1 || !evaluated ? [] : [`No intervals (${NOTHING}): they need at least two identities.`]),
    ...cautionWords(Object.values(intervals)),
    ...(comparison ? [differenceNote(study, comparison)].filter(Boolean) : []),
    ...(comparison && !comparison.differences
      ? ['Averaged queries differ from the original ones, so no change is shown.']
      : []),
  ].join(' ');
}
