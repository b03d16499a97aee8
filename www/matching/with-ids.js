// @ts-check
/**
 * Results by item id: Rust numbers queries and gallery images from 0.
 *
 * @typedef {import('../types.js').QueryResult} QueryResult
 * @typedef {Omit<QueryResult, 'id' | 'bestId'> & {index: number, best: number | null}} IndexedResult
 * @typedef {{index: number, before: number, after: number}} IndexedChange
 */

/**
 * The results of queries.
 *
 * @param {IndexedResult[]} results
 * @param {(index: number) => number} queryId
 * @param {(index: number) => number} galleryId
 * @returns {QueryResult[]}
 */
export function withIds(results, queryId, galleryId) {
  return results.map(({ index, best, ...others }) => ({
    id: queryId(index),
    bestId: best === null ? null : galleryId(best),
    ...others,
  }));
}

/**
 * What has changed for queries.
 *
 * @param {IndexedChange[]} changes
 * @param {Uint32Array} queries  ids
 */
export function changesWithIds(changes, queries) {
  return changes.map(({ index, ...change }) => ({ id: queries[index], ...change }));
}
