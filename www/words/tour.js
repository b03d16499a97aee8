// @ts-check
/**
 * The steps of the tour: what it says, and what it points at.
 *
 * @typedef {object} TourFacts  what is on the page at that moment
 * @property {number} queries
 * @property {number} gallery
 * @property {string} identity               of the chosen query
 * @property {number} dimensions             of an embedding
 * @property {import('../types.js').RankEntry | undefined} first   of the chosen query's ranks
 * @property {import('../types.js').QueryResult | undefined} result   of the chosen query
 * @property {import('../types.js').Evaluation} evaluation
 *
 * @typedef {object} TourStep
 * @property {string} title
 * @property {string[]} targets   selectors; the first that is visible is pointed at
 * @property {(facts: TourFacts) => string} text
 */
import { count, fraction, whole } from './format.js';

/** @type {TourStep[]} */
export const TOUR_STEPS = [
  {
    title: 'A query',
    targets: ['#chosen .chosen-frame'],
    text: ({ identity, queries }) =>
      `A query is the picture you want to find again. This one shows hand ${identity}. There are ` +
      `${count(queries, 'query', 'queries')}, several of each hand, and each one is evaluated on its own.`,
  },
  {
    title: 'The gallery',
    targets: ['[data-zone=gallery] .image-list', '#sheets [data-sheet=gallery]'],
    text: ({ gallery }) =>
      `The gallery holds the pictures to search in, here ${whole(gallery)}. Each query is compared with every ` +
      'one of them.',
  },
  {
    title: 'An embedding',
    targets: ['#chosen .embedding'],
    text: ({ dimensions }) =>
      `The model turns each picture into an embedding: ${whole(dimensions)} values, shown as coloured stripes. ` +
      'It has learned to give pictures of the same hand similar values, in any light, pose or background.',
  },
  {
    title: 'Similarity',
    targets: ['#rank-list li:first-child .rank-similarity'],
    text: ({ first }) =>
      'Two embeddings are compared by their cosine similarity: 1 is identical, around 0 is unrelated, and it can ' +
      `be negative. Between the query and this gallery image it is ${fraction(first?.similarity)}.`,
  },
  {
    title: 'A rank list',
    targets: ['#rank-list'],
    text: ({ result }) =>
      'Sorted by similarity, the gallery becomes the query’s rank list. ✓ marks the same hand, ✗ a different ' +
      `one. ${rankOfMatch(result)}`,
  },
  {
    title: 'All similarities at once',
    targets: ['#heat-map .heat-map-frame'],
    text: () =>
      'Each row is a query and each column a gallery image; brighter means more similar. Pairs of the same hand ' +
      'are outlined: in a perfect result they are the brightest in their row.',
  },
  {
    title: 'Rank-1',
    targets: ['[data-metric=rank-1]'],
    text: ({ evaluation }) =>
      `The share of queries with the same hand at rank 1: ${whole(evaluation.hits[0])} of ` +
      `${whole(evaluation.evaluated)}, ${fraction(evaluation.cmc[0])}. Rank-5 accepts a match anywhere in the ` +
      'first five.',
  },
  {
    title: 'Average precision, AP',
    targets: ['#chosen .chosen-numbers'],
    text: ({ result }) =>
      'How early a query’s matches come. With a single match it is 1 divided by the rank of that match; for this ' +
      `query it is ${fraction(result?.averagePrecision)}.`,
  },
  {
    title: 'Mean average precision, mAP',
    targets: ['[data-metric=map]'],
    text: ({ evaluation }) =>
      `The mean of AP over all queries: ${fraction(evaluation.meanAveragePrecision)}. Unlike Rank-1, it rewards ` +
      'rank 2 over rank 20. There are two definitions; click a metric to see its formula.',
  },
  {
    title: 'Where it fails',
    targets: ['.list-tools .sort', '#sheets [data-sheet=query]'],
    text: ({ evaluation }) => {
      const misses = evaluation.evaluated - evaluation.hits[0];
      const found = misses
        ? `${count(misses, 'query has', 'queries have')} a different hand at rank 1.`
        : 'Every query has the same hand at rank 1.';
      return `${found} Sort by “hardest first” and look at those: failures teach you more than the scores.`;
    },
  },
];

/** @param {import('../types.js').QueryResult | undefined} result */
function rankOfMatch(result) {
  return result?.firstMatchRank ? `Here it is at rank ${result.firstMatchRank}.` : 'This hand is not in the gallery.';
}
