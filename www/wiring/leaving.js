// @ts-check
/** The browser asks before the page is left with work under way or labels that were typed. */
import { listen } from '../session/session.js';

/** @param {import('../session/session.js').Session} session */
export function wireLeaving(session) {
  const { embedder, items, labels, listings, sample, saving } = session;
  let isEmbedding = false;
  let isSaving = false;
  const ask = (/** @type {Event} */ event) => event.preventDefault();
  /** Only while it is needed: a page that listens for this is not kept for the way back. */
  const update = () => {
    const isNeeded = listings.isBusy || isSaving || labels.areTyped || (!sample.isShown && (isEmbedding || isOwnModelLoading(session)));
    if (isNeeded) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask);
  };
  listen(embedder, 'progress', ({ phase }) => {
    isEmbedding = phase !== 'idle';
    update();
  });
  listen(saving, 'progress', (progress) => {
    isSaving = progress !== null;
    update();
  });
  for (const [part, type] of /** @type {[EventTarget, string][]} */ ([[listings, 'change'], [labels, 'typed'], [sample, 'change'], [session, 'model'], [items, 'change']])) {
    part.addEventListener(type, update);
  }
}

/** @param {import('../session/session.js').Session} session  with images that wait for it */
function isOwnModelLoading({ model, items }) {
  return model.status === 'loading' && items.numbers.query + items.numbers.gallery > 0;
}
