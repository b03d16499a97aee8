// @ts-check
import { bytes as inWords } from '../../words/format.js';

/**
 * Checks beforehand that the browser will give so much space.
 *
 * @param {number} bytes
 * @throws {Error} that says how much is missing
 */
export async function roomFor(bytes) {
  const { quota = Infinity, usage = 0 } = (await navigator.storage.estimate?.()) ?? {};
  const free = Math.max(0, quota - usage);
  if (bytes <= free) return;
  throw new Error(`It needs ${inWords(bytes)}, but the browser has ${inWords(free)} left for this page. Delete a model here, or make room on the disk.`);
}
