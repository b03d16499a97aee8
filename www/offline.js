// @ts-check

import { CPU_PACKAGE } from './package.js';

/** Keeps a copy of the page's own files, so that it opens without a network. Images never come into it. */
export function keepForOffline() {
  // Without it, on an insecure address or in a private window, the page works as before, online.
  navigator.serviceWorker?.register(`service-worker.js?cpu=${CPU_PACKAGE}`).catch(() => {});
}
