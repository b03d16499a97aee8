// @ts-check

import { CPU_PACKAGE } from './package.js';

/** Caches the page's own files, so that it opens offline. Images are never part of that. */
export function keepForOffline() {
  // Without a service worker, at an insecure address or in a private window, the page works as before, online.
  navigator.serviceWorker?.register(`service-worker.js?cpu=${CPU_PACKAGE}`).catch(() => {});
}
