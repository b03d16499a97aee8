// @ts-check
/**
 * The large view: the chosen query next to one of its ranks, or a gallery image alone.
 *
 * @typedef {import('../types.js').RankEntry} RankEntry
 */

import { on } from '../events.js';

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireLarge(session, { large, ranks, lists, chosen, keys }) {
  const { items, embedder, evaluator, sets, selection } = session;
  /**
   * @type {{queryId: number | null, entries: RankEntry[], total: number,
   *   unmatched: import('../types.js').Unmatched | null}}
   */
  let ranked = { queryId: null, entries: [], total: 0, unmatched: null };
  /** @type {number | null} id of the gallery image next to the query */
  let shownId = null;
  /** What was asked for of the chosen query while its ranks were on their way. @type {(() => void)[]} */
  let waiting = [];

  const entryOf = (/** @type {number | null} */ id) => ranked.entries.find((entry) => entry.id === id);
  /** @param {import('../types.js').Item | null | undefined} item */
  const shown = (item) => (item ? { item, embedding: embedder.embeddings.get(item.id) ?? null } : null);
  /** @param {RankEntry | undefined} entry  undefined: the query alone */
  const show = (entry) => {
    shownId = entry?.id ?? null;
    large.update(
      shown(selection.item),
      shown(entry && items.get(entry.id)),
      entry ?? null,
      ranked.total,
      ranked.unmatched,
    );
  };
  /** @param {() => void} action  what needs the ranks of the chosen query, not those of the one before it */
  const whenRanked = (action) => {
    if (ranked.queryId === selection.id) action();
    else waiting.push(action);
  };
  /** @param {number} index  of the rank */
  const showRank = (index) => whenRanked(() => show(ranked.entries[index]));
  /** @param {number} id  of a gallery image */
  const showGallery = (id) => {
    const entry = entryOf(id);
    if (entry) show(entry);
    else large.update(null, shown(items.get(id)), null, 0, null);
  };
  /** @param {number} direction */
  const step = (direction) =>
    whenRanked(() => {
      const next = ranked.entries[ranked.entries.findIndex(({ id }) => id === shownId) + direction];
      if (next) show(next);
    });

  on(evaluator, 'ranks', ({ queryId, entries, total, unmatched }) => {
    const isSameQuery = queryId === ranked.queryId;
    ranked = { queryId, entries: entries ?? [], total, unmatched };
    if (shownId !== null) show((isSameQuery && entryOf(shownId)) || ranked.entries[0]);
    const due = queryId === selection.id ? waiting.splice(0) : [];
    for (const action of due) action();
  });
  on(selection, 'change', () => (waiting = []));
  ranks.on('open', showRank);
  lists.gallery.on('choose', (id) => whenRanked(() => showGallery(id)));
  lists.query.on('choose', (id) => (id === selection.id ? showRank(0) : selection.choose(id)));
  chosen.on('open', () => showRank(0));
  keys.on('rank', (direction) => (large.isOpen ? step(direction) : whenRanked(() => ranks.walk(direction))));
  large.on('step', step);
  large.on('closed', () => (shownId = null));
  large.on('label', ({ id, patch }) => session.labels.set(id, patch));
  large.on('remove', (id) => {
    large.close();
    sets.remove([id]);
  });
}
