// @ts-check
/**
 * The images of both sets → the two lists, and what is done to them there.
 *
 * @typedef {import('../types.js').SetName} SetName
 */

import { on } from '../events.js';

const SETS = /** @type {SetName[]} */ (['query', 'gallery']);

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireImageSets(session, views) {
  const { items, sets } = session;
  const { lists, zones } = views;

  on(items, 'change', ({ touched }) => {
    const images = items.counts;
    for (const set of SETS) {
      lists[set].update(changesOf(set, touched));
      zones[set].update(images[set]);
    }
    zones.dataset.update(images.query + images.gallery);
    views.sheets.update(images);
    document.body.toggleAttribute('data-empty', images.query + images.gallery === 0);
  });
  for (const set of SETS) {
    zones[set].on('clear', () => sets.clear(set));
    lists[set].on('remove', (id) => sets.remove([id]));
  }
  zones.dataset.on('clear', () => sets.clear('all'));
  views.identities.on('ask', () => {
    views.identities.update(items.all().flatMap(({ identity }) => identity ?? []));
  });

  /**
   * @param {SetName} set
   * @param {Set<number>} touched
   */
  function changesOf(set, touched) {
    /** @type {Map<number, import('../types.js').Item | undefined>} */
    const changes = new Map();
    for (const id of touched) {
      const item = items.get(id);
      if (!item || item.set === set) changes.set(id, item);
    }
    return changes;
  }
}
