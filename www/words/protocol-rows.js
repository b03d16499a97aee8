// @ts-check
/**
 * The row of a protocol, cell by cell: Rank-1, Rank-5, Rank-10, mAP and mAP, trapezoidal.
 *
 * @typedef {import('../types.js').Evaluation} Evaluation
 * @typedef {import('../types.js').ProtocolResults} ProtocolResults
 * @typedef {{text: string, value: number | null}} Cell
 */
import { count, fraction, whole } from './format.js';
import { notEmbeddedWords, sameFileWords, unmatchedWords } from './reasons.js';

/**
 * @param {ProtocolResults | null} found
 * @returns {Cell[]}
 */
export function cellsOf(found) {
  const names = /** @type {const} */ ([
    'rank1',
    'rank5',
    'rank10',
    'meanAveragePrecision',
    'meanAveragePrecisionTrapezoidal',
  ]);
  return names.map((name) => {
    const { mean = null, standardDeviation = null } = found?.summary[name] ?? {};
    const deviation = standardDeviation === null ? '' : ` ± ${fraction(standardDeviation)}`;
    return { text: fraction(mean) + deviation, value: mean };
  });
}

/**
 * @param {Evaluation | null} evaluation
 * @returns {Cell[]}
 */
export function cellsOfEvaluation(evaluation) {
  const { cmc = [], meanAveragePrecision = null, meanAveragePrecisionTrapezoidal = null } = evaluation ?? {};
  const ranks = [1, 5, 10].map((rank) => cmc[Math.min(rank, cmc.length) - 1] ?? null);
  return [...ranks, meanAveragePrecision, meanAveragePrecisionTrapezoidal].map((value) => ({
    text: fraction(value),
    value,
  }));
}

/** What the splits were drawn from. @param {ProtocolResults} found */
export function drawnNote({ queries, gallery, drawn }) {
  if (!drawn) return '';
  const { identities, smallIdentities, distractors, unlabelled } = drawn;
  const sizes =
    `Each split has ${count(queries, 'query', 'queries')} and ${count(gallery, 'gallery image')} of ` +
    `${count(identities, 'identity', 'identities')}.`;
  const own = smallIdentities === 1 ? 'its' : 'their';
  const theirs =
    distractors === 1 ? `${own} only image is a distractor` : `${own} ${whole(distractors)} images are distractors`;
  const small = smallIdentities
    ? `${count(smallIdentities, 'identity has', 'identities have')} too few images for a query: ${theirs} in ` +
      'every gallery.'
    : 'Every identity has enough images.';
  const others = unlabelled ? ` ${count(unlabelled, 'image is', 'images are')} junk or without an identity.` : '';
  return `${sizes} ${small}${others}`;
}

const NAMES = /** @type {const} */ ({
  leaveOneOut: 'Leave-one-out',
  splits: 'Splits, first run',
  singleGalleryShot: 'CUHK03',
});

/**
 * What the protocols left out, a sentence each.
 * @param {Partial<Record<keyof typeof NAMES, ProtocolResults>>} found
 */
export function lostNotes(found) {
  return Object.entries(NAMES).flatMap(([key, name]) => {
    const one = found[/** @type {keyof typeof NAMES} */ (key)];
    if (!one) return [];
    const { queries, notEmbedded, evaluated, labelled, unmatchedBy, sameFile, repeated } = one;
    const parts = [
      evaluated === 0
        ? `none of ${count(queries, 'query', 'queries')} can be evaluated` +
          (labelled ? '' : ', because none has an identity')
        : '',
      unmatchedWords(unmatchedBy) && `without a match: ${unmatchedWords(unmatchedBy)}`,
      sameFile ? `same file: ${sameFileWords(sameFile)}` : '',
      repeated
        ? `${count(repeated, 'image is a copy of another', 'images are copies of others')} and ` +
          `${repeated === 1 ? 'is' : 'are'} left out`
        : '',
      notEmbeddedWords(notEmbedded),
    ].filter(Boolean);
    return parts.length ? [`${name}: ${parts.join('; ')}.`] : [];
  });
}
