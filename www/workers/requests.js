// @ts-check
import { emit } from '../events.js';

/**
 * The requests of the page and its workers since the page was opened, as the browser recorded them.
 * Dispatches `change`.
 */
class Requests extends EventTarget {
  /** @type {Map<string, number>} requests by origin; the page itself is the first */
  byOrigin = new Map([[globalThis.location?.origin ?? '', 1]]);

  /** @param {string[]} addresses */
  add(addresses) {
    const origins = addresses.filter((address) => /^https?:/.test(address)).map((address) => new URL(address).origin);
    for (const origin of origins) this.byOrigin.set(origin, (this.byOrigin.get(origin) ?? 0) + 1);
    if (origins.length > 0) emit(this, 'change');
  }
}

export const requests = new Requests();

/**
 * Reports every request of this page or worker, including past ones.
 * @param {(addresses: string[]) => void} tell
 */
export function watchRequests(tell) {
  const observer = new PerformanceObserver((list) => tell(list.getEntries().map(({ name }) => name)));
  observer.observe({ type: 'resource', buffered: true });
}
