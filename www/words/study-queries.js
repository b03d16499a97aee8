// @ts-check
/**
 * What a metric of a study was computed over, and the queries that keep it from being perfect, the worst first.
 *
 * @typedef {import('../types.js').QueryResult} QueryResult
 * @typedef {import('../types.js').Studied['study']} Study
 * @typedef {{id: number, note: string}} Named
 * @typedef {{n: string, lead: string, queries: Named[]}} ImperfectQueries   `lead` continues with the queries
 */
import { count, fraction, whole } from './format.js';

/** Definitions of metrics that are computed from pairs, not from rank lists. */
const OF_PAIRS = ['auc', 'eer', 'd-prime', 'tpr'];

/**
 * @param {import('./study-rows.js').Row} row
 * @param {Study} study
 * @returns {ImperfectQueries}
 */
export function imperfectQueries({ definition, rank }, study) {
  if (OF_PAIRS.includes(definition)) return ofPairs(study);
  if (definition === 'open-set') return ofOpenSet(study);
  const n = `n = ${count(study.evaluated, 'query', 'queries')}`;
  const evaluated = study.perQuery.filter(({ averagePrecision }) => averagePrecision !== null);
  if (definition.startsWith('rank-')) return { n, ...missing(evaluated, rank ?? 1) };
  if (definition === 'precision-recall') return { n, ...late(evaluated, rank ?? 1) };
  return {
    n,
    ...imperfect(evaluated, definition === 'map-trapezoidal' ? 'averagePrecisionTrapezoidal' : 'averagePrecision'),
  };
}

/**
 * @param {QueryResult[]} evaluated
 * @param {number} rank
 */
function missing(evaluated, rank) {
  const first = (/** @type {QueryResult} */ { firstMatchRank }) => firstMatchRank ?? Infinity;
  const missed = evaluated
    .filter((query) => first(query) > rank)
    .toSorted((a, b) => first(b) - first(a) || a.id - b.id);
  const queries = missed.map(({ id, firstMatchRank }) => ({
    id,
    note: firstMatchRank === null ? 'no match' : `first match at rank ${whole(firstMatchRank)}`,
  }));
  return { lead: `${count(queries.length, 'query has', 'queries have')} no match within rank ${rank}`, queries };
}

/**
 * @param {QueryResult[]} evaluated
 * @param {number} rank
 */
function late(evaluated, rank) {
  const last = (/** @type {QueryResult} */ { matchRanks }) => matchRanks.at(-1) ?? Infinity;
  const some = evaluated.filter((query) => last(query) > rank).toSorted((a, b) => last(b) - last(a) || a.id - b.id);
  const queries = some.map(({ id, matchRanks }) => ({
    id,
    note: matchRanks.length ? `last match at rank ${whole(matchRanks[matchRanks.length - 1])}` : 'no match',
  }));
  return { lead: `${count(queries.length, 'query has', 'queries have')} a match after rank ${rank}`, queries };
}

/**
 * @param {QueryResult[]} evaluated
 * @param {'averagePrecision' | 'averagePrecisionTrapezoidal'} name
 */
function imperfect(evaluated, name) {
  const precision = (/** @type {QueryResult} */ query) => query[name] ?? 0;
  const some = evaluated
    .filter((query) => precision(query) < 1)
    .toSorted((a, b) => precision(a) - precision(b) || a.id - b.id);
  const queries = some.map((query) => ({ id: query.id, note: `AP ${fraction(precision(query))}` }));
  return { lead: `${count(queries.length, 'query has', 'queries have')} a non-matching image before a match`, queries };
}

/** @param {Study} study @returns {ImperfectQueries} */
function ofPairs({ verification: { genuine, impostor }, perQuery }) {
  const margin = (/** @type {QueryResult} */ query) => query.margin ?? 0;
  const wrong = perQuery.filter((query) => margin(query) < 0).toSorted((a, b) => margin(a) - margin(b) || a.id - b.id);
  const queries = wrong.map((query) => ({ id: query.id, note: `margin ${fraction(margin(query))}` }));
  return {
    n: `n = ${count(genuine.pairs, 'same-identity pair')} and ${count(impostor.pairs, 'different-identity pair')}`,
    lead:
      `${count(queries.length, 'query is', 'queries are')} more similar to an image of another identity than ` +
      'to any match',
    queries,
  };
}

/** @param {Study} study @returns {ImperfectQueries} */
function ofOpenSet({ openSet: { known, unknown }, perQuery }) {
  const similarity = (/** @type {QueryResult} */ { bestSimilarity }) => bestSimilarity ?? -1;
  const wrong = perQuery
    .filter(({ bestIsMatch, unmatched }) => bestIsMatch === false && !unmatched)
    .toSorted((a, b) => similarity(b) - similarity(a) || a.id - b.id);
  const queries = wrong.map((query) => ({ id: query.id, note: `similarity ${fraction(similarity(query))}` }));
  return {
    n: `n = ${count(known, 'query', 'queries')} in the gallery and ${whole(unknown)} not`,
    lead: `Of those in the gallery, ${count(queries.length, 'has', 'have')} an image of another identity first`,
    queries,
  };
}
