// @ts-check
/** The chosen query, its ranks and the matrix; stepping through the queries. */

import { on } from '../events.js';

const MORE_RANKS = 100;

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireComparison(session, views) {
  const { items, evaluator, selection } = session;
  const { lists, chosen, ranks, heatMap } = views;
  const itemOf = (/** @type {number} */ id) => items.get(id);

  wireChosen(session, views);
  on(evaluator, 'ranks', ({ queryId, entries, total, unmatched }) => {
    const note = entries?.length ? '' : whyNoRanks(session);
    ranks.update({ queryId, entries: entries ?? [], total, unmatched, itemOf }, note, evaluator.settled);
  });
  on(evaluator, 'matrix', ({ matrix, isTooLarge }) => heatMap.update(matrix, itemOf, isTooLarge));
  heatMap.on('open', ({ queryId }) => {
    selection.choose(queryId);
    chosen.element.scrollIntoView({ block: 'nearest' });
  });
  ranks.on('more', () => evaluator.showRanks(evaluator.top + MORE_RANKS));

  /** @param {number} direction */
  const step = (direction) => {
    const order = lists.query.order();
    const next = order[order.indexOf(selection.id ?? -1) + direction];
    if (next !== undefined) selection.choose(next);
  };
  chosen.on('step', step);
  views.keys.on('query', step);
  lists.query.on('move', (id) => selection.choose(id));
}

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
function wireChosen(session, { lists, chosen }) {
  const { items, embedder, evaluator, selection } = session;
  const show = () => {
    const { item } = selection;
    if (!item) return chosen.update(null);
    const siblings = items.on('query').filter(({ identity }) => identity === item.identity);
    const result = evaluator.resultOf(item.id);
    const embedding = embedder.embeddings.get(item.id) ?? null;
    chosen.update({ item, result, embedding, position: siblings.indexOf(item) + 1, siblings: siblings.length });
  };
  on(selection, 'change', () => {
    lists.query.select(selection.id);
    show();
  });
  on(evaluator, 'evaluation', show);
  on(items, 'change', ({ touched }) => touched.has(selection.id) && show());
  lists.query.on('settled', () => lists.query.mark(selection.id));
  chosen.on('label', ({ id, patch }) => session.labels.set(id, patch));
  chosen.on('remove', (id) => session.sets.remove([id]));
}

/**
 * @param {import('../session/session.js').Session} session
 * @returns {string}
 */
function whyNoRanks({ selection, items, model, embedder }) {
  const { item } = selection;
  if (!item) return '';
  if (items.counts.gallery + items.counts.collection === 0) return 'The gallery is empty.';
  if (item.status === 'failed') return 'This query could not be read.';
  if (!embedder.hasModel) return model.state.status === 'loading' ? 'The model is loading.' : 'Ranking needs a model.';
  return 'This query has not been processed yet.';
}
