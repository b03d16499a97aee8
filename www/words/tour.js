// @ts-check
/**
 * What the tour says, and what it points at.
 *
 * @typedef {object} TourFacts  what is on the page at the moment
 * @property {number} queries
 * @property {number} gallery
 * @property {string} identity               of the chosen query
 * @property {number} numbers                in an embedding
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
      `A query is a picture of somebody you look for. This one shows hand ${identity}. There are ${count(queries, 'query', 'queries')}, several of each hand, and each is judged on its own.`,
  },
  {
    title: 'The gallery',
    targets: ['[data-zone=gallery] .image-list', '#sheets [data-sheet=gallery]'],
    text: ({ gallery }) =>
      `The gallery holds the pictures to search in, here ${whole(gallery)}. Each query is compared with every one of them.`,
  },
  {
    title: 'An embedding',
    targets: ['#chosen .embedding'],
    text: ({ numbers }) =>
      `The encoder turns each picture into an embedding: ${whole(numbers)} numbers, drawn here as stripes. It has learned to give pictures of one hand similar numbers, whatever the light, the pose and the ground.`,
  },
  {
    title: 'A cosine',
    targets: ['#rank-list li:first-child .rank-similarity'],
    text: ({ first }) =>
      `Two embeddings are compared by their cosine: 1 if they point the same way, 0 if they have nothing in common. Between the query and this gallery image it is ${fraction(first?.similarity)}.`,
  },
  {
    title: 'A rank list',
    targets: ['#rank-list'],
    text: ({ result }) =>
      `Sorted by cosine, the gallery becomes the query’s rank list. A tick and a solid frame mark its own hand, a cross and a dashed frame another one. ${rankOfMatch(result)}`,
  },
  {
    title: 'All cosines at once',
    targets: ['#heat-map .heat-map-frame'],
    text: () =>
      'A row is a query, a column a gallery image, brighter is more similar. Pairs of one hand are outlined: in a perfect result they are the brightest of their row.',
  },
  {
    title: 'Rank-1',
    targets: ['[data-metric=rank-1]'],
    text: ({ evaluation }) =>
      `The share of queries that have their own hand at rank 1: ${whole(evaluation.hits[0])} of ${whole(evaluation.evaluated)}, ${fraction(evaluation.cmc[0])}. Rank-5 is content with a match among the first five.`,
  },
  {
    title: 'Average precision, AP',
    targets: ['#chosen .chosen-numbers'],
    text: ({ result }) =>
      `How early a query’s matches come. With a single match it is 1 divided by the match’s rank; for this query ${fraction(result?.averagePrecision)}.`,
  },
  {
    title: 'Mean average precision, mAP',
    targets: ['[data-metric=map]'],
    text: ({ evaluation }) =>
      `The mean of AP over all queries: ${fraction(evaluation.meanAveragePrecision)}. Unlike Rank-1 it tells a match at rank 2 from one at rank 20. There are two definitions; a click on a number shows its formula.`,
  },
  {
    title: 'Where it fails',
    targets: ['.list-tools .sort', '#sheets [data-sheet=query]'],
    text: ({ evaluation }) => {
      const misses = evaluation.evaluated - evaluation.hits[0];
      const found = misses ? `${count(misses, 'query has', 'queries have')} another hand at rank 1.` : 'Every query has its own hand at rank 1.';
      return `${found} Sort by worst AP and look at those first: they say more about an encoder than its scores.`;
    },
  },
];

/** @param {import('../types.js').QueryResult | undefined} result */
function rankOfMatch(result) {
  return result?.firstMatchRank ? `Here it is at rank ${result.firstMatchRank}.` : 'This hand is not in the gallery.';
}
