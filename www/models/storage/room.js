// @ts-check
import { bytes as inWords } from '../../words/format.js';

/**
 * Checks in advance that the browser has that much space.
 *
 * @param {number} bytes
 * @throws {Error} that says how much is missing
 */
export async function roomFor(bytes) {
  const { quota = Infinity, usage = 0 } = (await navigator.storage.estimate?.()) ?? {};
  const free = Math.max(0, quota - usage);
  if (bytes <= free) return;
  throw new Error(
    `The model needs ${inWords(bytes)}, but the browser has ${inWords(free)} left for this page. Delete a ` +
      'model here, or free some disk space.',
  );
}
