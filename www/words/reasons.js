// @ts-check
/**
 * What an evaluation leaves out and why queries have no match, in words: for the page and for the report.
 *
 * @typedef {import('../types.js').Evaluation} Evaluation
 * @typedef {import('../types.js').UnmatchedCounts} UnmatchedCounts
 */
import { count, whole } from './format.js';

/** Why a query has no match, in a few words. */
export const UNMATCHED_WORDS = {
  notInGallery: 'not in the gallery',
  notAmongLabelled: 'not among the labelled gallery images',
  notEmbedded: 'in the gallery only as images without an embedding',
  sameCamera: 'in the gallery only from the same camera',
  sameFile: 'in the gallery only as the same file',
};

/** Reasons for which no pair is left out. */
const ABSENT = /** @type {const} */ (['notInGallery', 'notAmongLabelled', 'notEmbedded']);

/**
 * Why no query has a match: '' if one has, or if a set is empty.
 * @param {Evaluation} evaluation
 */
export function whyNone({
  queries,
  gallery,
  labelled,
  junkQueries,
  labelledGallery,
  notEmbedded,
  matches,
  unmatchedBy,
}) {
  if (queries === 0 || gallery === 0 || matches.counted > 0) return '';
  if (labelled === 0) return withoutIdentity(queries, 'query', 'queries') + junkWords(junkQueries);
  if (labelledGallery === 0 && notEmbedded.gallery === 0)
    return withoutIdentity(gallery, 'gallery image', 'gallery images');
  const absent = ABSENT.filter((reason) => unmatchedBy[reason] > 0);
  const isLost = matches.sameCamera + matches.sameFile > 0;
  if (!isLost && absent.length === 1) return allAbsent(absent[0], labelled);
  const parts = absent.map(
    (reason) =>
      `${whole(unmatchedBy[reason])} of ${whole(labelled)} queries ${unmatchedBy[reason] === 1 ? 'is' : 'are'} ` +
      `${UNMATCHED_WORDS[reason]}`,
  );
  return [...(isLost ? [lostMatches(matches)] : []), ...parts].join('; ');
}

/**
 * @param {typeof ABSENT[number]} reason  of all of them
 * @param {number} labelled
 */
function allAbsent(reason, labelled) {
  if (labelled === 1) return `the only query with an identity is ${UNMATCHED_WORDS[reason]}`;
  if (reason === 'notInGallery') return `none of the ${whole(labelled)} queries with an identity is in the gallery`;
  return `all ${whole(labelled)} queries with an identity are ${UNMATCHED_WORDS[reason]}`;
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
  if (sameCamera === 0) return `${all} the same file as the query`;
  return (
    `${all} left out: ${whole(sameCamera)} from the query’s own camera, ` +
    `${whole(sameFile)} the same file as the query`
  );
}

/**
 * Unmatched queries by reason: "3 not in the gallery, 2 in the gallery only as the same file"; '' without any.
 * @param {UnmatchedCounts} counts
 */
export function unmatchedWords(counts) {
  const reasons = /** @type {(keyof UnmatchedCounts)[]} */ (Object.keys(UNMATCHED_WORDS)).filter(
    (reason) => counts[reason] > 0,
  );
  return reasons.map((reason) => `${whole(counts[reason])} ${UNMATCHED_WORDS[reason]}`).join(', ');
}

/**
 * "3 queries and 1 gallery image have no embedding"; '' if all have one.
 * @param {import('../types.js').NotEmbedded} images
 */
export function notEmbeddedWords({ queries, gallery }) {
  const parts = [queries && count(queries, 'query', 'queries'), gallery && count(gallery, 'gallery image')].filter(
    Boolean,
  );
  return parts.length ? `${parts.join(' and ')} ${queries + gallery === 1 ? 'has' : 'have'} no embedding` : '';
}

/**
 * "2 gallery images have no identity and are never a match"; '' if all have one, or none has.
 * @param {Evaluation} evaluation
 */
export function unlabelledGalleryWords({ gallery, labelledGallery, junk }) {
  const images = gallery - labelledGallery - junk;
  if (images === 0 || labelledGallery === 0) return '';
  return (
    `${count(images, 'gallery image has no identity and is', 'gallery images have no identity and are')} ` +
    'never a match'
  );
}

/**
 * "Rank-10 covers the whole gallery of 8 images", and is therefore 1 for every query with a match; '' for a larger one.
 * @param {Evaluation} evaluation
 */
export function smallGalleryWords({ gallery, evaluated }) {
  const ranks = [1, 5, 10].filter((rank) => rank >= gallery);
  if (ranks.length === 0 || evaluated === 0) return '';
  const names = ranks
    .map((rank) => `Rank-${rank}`)
    .join(', ')
    .replace(/, (\S+)$/, ' and $1');
  return `${names} ${ranks.length === 1 ? 'covers' : 'cover'} the whole gallery of ${count(gallery, 'image')}`;
}

/**
 * "5 queries have no identity"; '' if all have one, or none has.
 * @param {Evaluation} evaluation
 */
export function unlabelledQueryWords({ queries, labelled, junkQueries }) {
  const images = queries - labelled - junkQueries;
  return images === 0 || labelled === 0 ? '' : `${count(images, 'query has', 'queries have')} no identity`;
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
  return images === 1
    ? `the only ${singular} has no identity`
    : `none of the ${whole(images)} ${plural} has an identity`;
}

/** @param {number} junk  queries */
function junkWords(junk) {
  return junk ? `; ${count(junk, 'is', 'are')} junk (−1)` : '';
}
