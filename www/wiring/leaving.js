// @ts-check
/** Has the browser ask before the page is left with work under way or labels that were typed in. */

import { on } from '../events.js';

/** @param {import('../session/session.js').Session} session */
export function wireLeaving(session) {
  const { embedder, items, labels, listings, model, sample, saving } = session;
  let isEmbedding = false;
  let isSaving = false;
  const ask = (/** @type {Event} */ event) => event.preventDefault();
  /** Only while it is needed: a page that listens for this is not kept for the way back. */
  const update = () => {
    const isNeeded =
      listings.isBusy ||
      isSaving ||
      labels.areTyped ||
      (!sample.isShown && (isEmbedding || isOwnModelLoading(session)));
    if (isNeeded) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask);
  };
  on(embedder, 'progress', ({ phase }) => {
    isEmbedding = phase !== 'idle';
    update();
  });
  on(saving, 'progress', (progress) => {
    isSaving = progress !== null;
    update();
  });
  for (const [part, type] of /** @type {[EventTarget, string][]} */ ([
    [listings, 'change'],
    [labels, 'typed'],
    [sample, 'change'],
    [model, 'change'],
    [items, 'change'],
  ])) {
    on(part, type, update);
  }
}

/** @param {import('../session/session.js').Session} session  with images that wait for it */
function isOwnModelLoading({ model, items }) {
  return model.state.status === 'loading' && items.size > 0;
}
