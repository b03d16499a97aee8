// @ts-check
/** Models to fetch and models that are kept ↔ the dialog that lists them. */
import { CATALOGUE, memoryFor } from '../models/catalogue.js';
import { fromCatalogue, fromText } from '../models/source.js';
import { listen } from '../session/session.js';

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 * @param {string} hub  address of Hugging Face or a mirror
 */
export function wireModels(session, views, hub) {
  const { store } = session;
  const entries = CATALOGUE.map((entry) => ({ ...entry, source: fromCatalogue(entry, hub) }));

  const show = () => {
    const listed = entries.map(({ source, bytes, licence, use }) => ({ source, bytes, memory: memoryFor(bytes), licence, use, kept: store.get(source.id) }));
    const isListed = (/** @type {string} */ id) => entries.some(({ source }) => source.id === id);
    const own = store.models.filter(({ source }) => !isListed(source.id));
    const more = own.map((kept) => ({ source: kept.source, bytes: 0, memory: 0, licence: kept.source.licence, use: kept.source.weights[0].replace(/[^/]*$/, ''), kept }));
    views.models.update([...listed, ...more], session.model.storedId);
    views.privacy.showHosts(store.hosts);
  };
  /** @param {import('../models/source.js').Source} source */
  const fetchModel = (source) => store.fetch(source);

  listen(store, 'change', show);
  listen(session, 'model', () => {
    show();
    if (session.model.status === 'ready') views.models.close();
  });
  listen(store, 'complete', ({ id }) => {
    // The first one that somebody fetches is what they want to use; later ones may be for later.
    if (views.models.element.open || session.model.info?.isBundled !== false) session.useStored(id);
  });
  views.models.on('open', async () => {
    await store.refresh();
    show();
    const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
    views.models.showRoom(quota ? { usage, quota } : null);
  });
  views.models.on('fetch', fetchModel);
  views.models.on('fetch-text', (text) => {
    try {
      fetchModel(fromText(text, hub));
      views.models.refuse('');
    } catch (error) {
      views.models.refuse(error instanceof Error ? error.message : String(error));
    }
  });
  views.models.on('pause', (id) => store.pause(id));
  views.models.on('halve', (id) => store.halve(id));
  views.models.on('remove', (id) => store.remove(id));
  views.models.on('use', (id) => session.useStored(id));
  for (const view of [views.model, views.modelCard]) {
    view.on('list', () => {
      views.models.open();
    });
  }
}
