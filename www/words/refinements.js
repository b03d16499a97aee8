// @ts-check
import { count } from './format.js';

/**
 * Refinements in words: for the page and for the report.
 * @param {import('../types.js').Refinements} refinements   in the order in which they are applied
 */
export function refinementWords({
  whitening,
  averageQueries,
  averageGallery,
  queryExpansion,
  reRanking,
  normalisation,
}) {
  return [
    whitening
      ? 'PCA whitening of the gallery, ' +
        `${whitening.components ? count(whitening.components, 'dimension') : 'all dimensions'}`
      : '',
    averageQueries ? 'each identity’s query images averaged' : '',
    averageGallery ? 'each identity’s gallery images averaged' : '',
    queryExpansion ? `query expansion, k ${queryExpansion.k}, α ${queryExpansion.alpha}` : '',
    reRanking ? `k-reciprocal re-ranking, k1 ${reRanking.k1}, k2 ${reRanking.k2}, λ ${reRanking.lambda}` : '',
    normalisation ? `${normalisation.norm}-norm of the scores` : '',
  ].filter(Boolean);
}
