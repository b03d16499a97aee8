// @ts-check
/**
 * Drops on their way to the sets: listed, read and compared a few files at a time, until they are taken or somebody
 * cancels.
 *
 * Dispatches `change`, at most ten times a second while files are found.
 *
 * @typedef {import('./dropped-files.js').Listing} Listing
 * @typedef {import('./dropped-files.js').Options} Options
 */

import { emit } from '../../events.js';

const ANNOUNCE_MS = 100;

export class Listings extends EventTarget {
  /** Files found so far by all that are under way. */
  files = 0;
  #underWay = 0;
  #abort = new AbortController();
  #timer = 0;

  /** Whether any is under way. */
  get isBusy() {
    return this.#underWay > 0;
  }

  /**
   * @param {(options: Options) => Promise<Listing>} list
   * @param {(listing: Listing, signal: AbortSignal) => Promise<void>} take
   * @returns {Promise<boolean>}  false if it was cancelled
   */
  async run(list, take) {
    const { signal } = this.#abort;
    let counted = 0;
    const onFound = (/** @type {number} */ files) => {
      this.files += files - counted;
      counted = files;
      this.#announceSoon();
    };
    this.#underWay += 1;
    this.#announceSoon();
    try {
      await take(await list({ onFound, signal }), signal);
      return true;
    } catch (error) {
      if (!signal.aborted) throw error;
      return false;
    } finally {
      this.#underWay -= 1;
      this.files -= counted;
      this.#announce();
    }
  }

  /** Drops what is under way. */
  cancel() {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  #announceSoon() {
    this.#timer ||= setTimeout(() => this.#announce(), ANNOUNCE_MS);
  }

  #announce() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    emit(this, 'change');
  }
}
