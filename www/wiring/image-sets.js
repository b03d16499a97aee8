// @ts-check
/**
 * The images of both sets → the two lists, and what is done to them there.
 *
 */

import { on } from '../events.js';

const SETS = /** @type {import('../types.js').Side[]} */ (['query', 'gallery']);

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireImageSets(session, views) {
  const { items, sets } = session;
  const { lists, zones } = views;

  on(items, 'change', ({ touched }) => {
    const { query, gallery, collection } = items.counts;
    const shown = { query: query + collection, gallery };
    for (const set of SETS) {
      lists[set].update(changesOf(set, touched));
      zones[set].update(shown[set]);
    }
    zones.dataset.update(items.size);
    views.sheets.update(shown);
    views.refinements.update(collection > 0);
    document.body.toggleAttribute('data-empty', items.size === 0);
    if (collection > 0) document.body.dataset.collection = gallery > 0 ? 'and-gallery' : 'alone';
    else delete document.body.dataset.collection;
  });
  for (const set of SETS) {
    zones[set].on('clear', () => sets.clear(set === 'query' && items.counts.collection > 0 ? 'all' : set));
    lists[set].on('remove', (id) => sets.remove([id]));
  }
  zones.dataset.on('clear', () => sets.clear('all'));
  views.identities.on('ask', () => {
    views.identities.update(items.all().flatMap(({ identity }) => identity ?? []));
  });

  /**
   * What changed in a list; that of the queries shows a collection, too.
   * @param {import('../types.js').Side} set
   * @param {Set<number>} touched
   */
  function changesOf(set, touched) {
    /** @type {Map<number, import('../types.js').Item | undefined>} */
    const changes = new Map();
    for (const id of touched) {
      const item = items.get(id);
      const list = item?.set === 'gallery' ? 'gallery' : 'query';
      changes.set(id, list === set ? item : undefined);
    }
    return changes;
  }
}
