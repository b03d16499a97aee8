// @ts-check
/** Models to fetch and models that are kept ↔ the dialog that lists them. */
import { allow, isAllowed } from '../models/consent.js';
import { listModels } from '../models/listing.js';
import { fromText, hubFrom } from '../models/source.js';
import { listen } from '../session/session.js';

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 * @param {import('../models/source.js').Hub} linked  the hub that the address of the page asks for, or the usual one
 */
export function wireModels(session, views, linked) {
  const { store } = session;
  let hub = linked;
  const mayFetch = () => store.isRead && !store.trouble && (!hub.isForeign || isAllowed(hub.address));

  const show = () => {
    views.models.showHub(hub, !hub.isForeign || isAllowed(hub.address));
    views.models.showTrouble(store.trouble);
    views.models.update(listModels(store, hub), session.model.storedId, mayFetch());
    views.privacy.showHosts(store.hosts);
  };
  /** @param {import('../models/source.js').Source} source */
  const fetchModel = (source) => mayFetch() && store.fetch(source);

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
    show();
    await store.refresh();
    const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.().catch(() => null)) ?? {};
    views.models.showRoom(quota && !store.trouble ? { usage, quota } : null);
  });
  views.models.on('allow-hub', () => {
    allow(hub.address);
    show();
  });
  views.models.on('usual-hub', () => {
    hub = hubFrom(null);
    show();
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
