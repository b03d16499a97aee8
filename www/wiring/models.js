// @ts-check
/** Models to download and models that are kept ↔ the dialog that lists them. */
import { messageOf, on } from '../events.js';
import { allow, isAllowed } from '../models/consent.js';
import { listModels } from '../models/listing.js';
import { fromText, hubFrom } from '../models/source.js';

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 * @param {import('../models/source.js').Hub} linked  the hub that the address of the page asks for, or the usual one
 */
export function wireModels(session, views, linked) {
  const { store, model } = session;
  let hub = linked;
  const mayFetch = () => store.isRead && !store.trouble && (!hub.isForeign || isAllowed(hub.address));

  const show = () => {
    views.models.showHub(hub, !hub.isForeign || isAllowed(hub.address));
    views.models.showTrouble(store.trouble);
    views.models.update(listModels(store, hub), model.state.storedId, mayFetch());
    views.privacy.showHosts(store.hosts);
  };
  /** @param {import('../models/source.js').Source} source */
  const fetchModel = (source) => mayFetch() && store.fetch(source);

  on(store, 'change', show);
  on(model, 'change', () => {
    show();
    if (model.state.status === 'ready') views.models.close();
  });
  on(store, 'complete', ({ id }) => {
    // The first one that somebody downloads is what they want to use; later ones may be for later.
    if (views.models.element.open || model.state.info?.isBundled !== false) model.loadStored(id);
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
      views.models.refuse(messageOf(error));
    }
  });
  views.models.on('pause', (id) => store.pause(id));
  views.models.on('halve', (id) => store.halve(id));
  views.models.on('remove', (id) => store.remove(id));
  views.models.on('use', (id) => model.loadStored(id));
  for (const view of [views.model, views.modelCard]) {
    view.on('list', () => {
      views.models.open();
    });
  }
}
