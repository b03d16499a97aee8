// @ts-check
/** Filter and order of the query list. */
import { on } from '../events.js';
import { count } from '../words/format.js';

/** Queries without an average precision come after all others. */
const LAST = 2;

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireQueryOrder(session, views) {
  const list = views.lists.query;
  let text = '';
  /** @type {Set<number> | null} */
  let only = null;
  let isWorstFirst = false;
  /** @type {import('../types.js').QueryResult[]} */
  let results = [];

  const filter = () => list.filter(text, only);
  const sort = () => {
    const precision = new Map(results.map(({ id, averagePrecision }) => [id, averagePrecision ?? LAST]));
    list.sort((id) => (isWorstFirst ? (precision.get(id) ?? LAST) : id));
  };
  /** @param {Set<number> | null} ids @param {string} name */
  const limit = (ids, name) => {
    only = ids;
    views.listTools.update(name);
    filter();
  };

  on(session.evaluator, 'evaluation', ({ evaluation, settled }) => {
    results = evaluation?.perQuery ?? [];
    list.updateResults(results, (id) => session.items.get(id));
    if (settled && isWorstFirst) sort();
  });
  views.metrics.on('misses', (k) => {
    const misses = results.filter((result) => isMiss(result, k));
    limit(
      new Set(misses.map(({ id }) => id)),
      `Showing ${count(misses.length, 'query', 'queries')} with ${missWords(k)}`,
    );
    if (misses[0]) session.selection.choose(misses[0].id);
    views.sheets.open('query');
  });
  views.keys.on('find', () => {
    views.sheets.open('query');
    views.listTools.focus();
  });
  views.listTools.on('filter', (value) => {
    text = value;
    filter();
  });
  views.listTools.on('sort', (order) => {
    isWorstFirst = order === 'worst';
    sort();
  });
  views.listTools.on('clear-filter', () => limit(null, ''));
}

/** @param {number} k */
function missWords(k) {
  return k === 1 ? 'an incorrect first match' : `no match in the first ${k}`;
}

/**
 * Evaluated, and no match within the first k.
 * @param {import('../types.js').QueryResult} result
 * @param {number} k
 */
function isMiss({ averagePrecision, firstMatchRank }, k) {
  return averagePrecision !== null && (firstMatchRank === null || firstMatchRank > k);
}
