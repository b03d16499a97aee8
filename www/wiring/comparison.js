// @ts-check
/** The chosen query, its ranks and the matrix; walking through the queries. */
import { listen } from '../session/session.js';

const MORE_RANKS = 100;

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireComparison(session, views) {
  const { items, evaluator } = session;
  const { lists, chosen, ranks, heatMap } = views;
  const itemOf = (/** @type {number} */ id) => items.get(id);

  wireChosen(session, views);
  listen(evaluator, 'ranks', ({ queryId, entries, total, unmatched }) => {
    const note = entries?.length ? '' : whyNoRanks(session);
    ranks.update({ queryId, entries: entries ?? [], total, unmatched, itemOf }, note, evaluator.settled);
  });
  listen(evaluator, 'matrix', ({ matrix, isTooLarge }) => heatMap.update(matrix, itemOf, isTooLarge));
  heatMap.on('open', ({ queryId }) => {
    session.select(queryId);
    chosen.element.scrollIntoView({ block: 'nearest' });
  });
  ranks.on('more', () => session.showRanks(evaluator.top + MORE_RANKS));

  /** @param {number} direction */
  const step = (direction) => {
    const order = lists.query.order();
    const next = order[order.indexOf(session.selectedId ?? -1) + direction];
    if (next !== undefined) session.select(next);
  };
  chosen.on('step', step);
  views.keys.on('query', step);
  lists.query.on('move', (id) => session.select(id));
}

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
function wireChosen(session, { lists, chosen }) {
  const { items, embedder, evaluator } = session;
  const show = () => {
    const item = session.selected;
    if (!item) return chosen.update(null);
    const siblings = items.of('query').filter(({ identity }) => identity === item.identity);
    const result = evaluator.resultOf(item.id);
    const embedding = embedder.embeddings.get(item.id) ?? null;
    chosen.update({ item, result, embedding, position: siblings.indexOf(item) + 1, siblings: siblings.length });
  };
  listen(session, 'selection', () => {
    lists.query.select(session.selectedId);
    show();
  });
  listen(evaluator, 'evaluation', show);
  listen(items, 'change', ({ touched }) => touched.has(session.selectedId) && show());
  lists.query.on('settled', () => lists.query.mark(session.selectedId));
  chosen.on('label', ({ id, patch }) => session.labels.set(id, patch));
  chosen.on('remove', (id) => session.sets.remove([id]));
}

/**
 * @param {import('../session/session.js').Session} session
 * @returns {string}
 */
function whyNoRanks({ selected, items, model, embedder }) {
  if (!selected) return '';
  if (items.numbers.gallery === 0) return 'The gallery is empty.';
  if (selected.status === 'failed') return 'This query could not be read.';
  if (!embedder.hasModel) return model.status === 'loading' ? 'The model is loading.' : 'Ranks need a model.';
  return 'Not embedded yet.';
}
