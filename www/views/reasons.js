// @ts-check
/**
 * What an evaluation left out and why queries have no match, in words: for the page and for the report.
 *
 * @typedef {import('../types.js').Evaluation} Evaluation
 * @typedef {import('../types.js').UnmatchedCounts} UnmatchedCounts
 */
import { count, whole } from '../format.js';

/** Why a query has no match, in a few words. */
export const UNMATCHED_WORDS = {
  notInGallery: 'not in the gallery',
  sameCamera: 'in the gallery only from the same camera',
  sameFile: 'in the gallery only as the same file',
};

/**
 * Why no query has a match: '' if one has, or if a set is empty.
 * @param {Evaluation} evaluation
 */
export function whyNone({ queries, gallery, labelled, junkQueries, labelledGallery, matches, unmatchedBy }) {
  if (queries === 0 || gallery === 0 || matches.counted > 0) return '';
  if (labelled === 0) return withoutIdentity(queries, 'query', 'queries') + junkWords(junkQueries);
  if (labelledGallery === 0) return withoutIdentity(gallery, 'gallery image', 'gallery images');
  if (matches.sameCamera + matches.sameFile === 0) {
    return labelled === 1 ? 'the only query with an identity is not in the gallery' : `none of the ${whole(labelled)} queries with an identity is in the gallery`;
  }
  const absent = unmatchedBy.notInGallery;
  const others = absent ? `; ${whole(absent)} of ${whole(labelled)} queries ${absent === 1 ? 'is' : 'are'} not in the gallery` : '';
  return lostMatches(matches) + others;
}

/** @param {Evaluation} evaluation  the same as a sentence */
export function whyNoneSentence(evaluation) {
  const why = whyNone(evaluation);
  return why && `${evaluation.evaluated ? 'No query has a match' : 'No query can be evaluated'}: ${why}.`;
}

/** @param {Evaluation['matches']} matches  none of which counts */
function lostMatches({ sameCamera, sameFile }) {
  const lost = sameCamera + sameFile;
  const all = lost === 1 ? 'the only match is' : `all ${whole(lost)} matches are`;
  if (sameFile === 0) return `${all} from the query’s own camera`;
  if (sameCamera === 0) return `${all} the query’s own file`;
  return `${all} left out, ${whole(sameCamera)} from the query’s own camera and ${whole(sameFile)} its own file`;
}

/**
 * Unmatched queries by the reason: "3 not in the gallery, 2 in the gallery only as the same file"; '' without any.
 * @param {UnmatchedCounts} counts
 */
export function unmatchedWords(counts) {
  const reasons = /** @type {(keyof UnmatchedCounts)[]} */ (Object.keys(UNMATCHED_WORDS)).filter((reason) => counts[reason] > 0);
  return reasons.map((reason) => `${whole(counts[reason])} ${UNMATCHED_WORDS[reason]}`).join(', ');
}

/** @param {number} pairs */
export function sameFileWords(pairs) {
  return pairs ? `${count(pairs, 'pair')} left out` : 'none';
}

/**
 * @param {number} images
 * @param {string} singular
 * @param {string} plural
 */
function withoutIdentity(images, singular, plural) {
  return images === 1 ? `the only ${singular} has no identity` : `none of the ${whole(images)} ${plural} has an identity`;
}

/** @param {number} junk  queries */
function junkWords(junk) {
  return junk ? `; ${count(junk, 'is', 'are')} junk (−1)` : '';
}
