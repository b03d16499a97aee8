// @ts-check
/**
 * A result that is kept up to date. It is computed once somebody watches it, what it is made from has changed, and
 * nothing else has to come first. If that changes again meanwhile, it is computed once more.
 *
 * Dispatches `busy` (detail boolean), `found` (detail: the result) and `failed` (detail Error).
 */
import { emit } from '../../events.js';

/** @template T  the result */
export class Analysis extends EventTarget {
  /** Whether it is being computed, or waits for its turn. */
  isBusy = false;
  #isWatched;
  #pauseMs;
  #ended = -Infinity;
  /** What the latest result was made from. @type {string | null} */
  #madeFrom = null;
  /** @type {T | null} */
  #found = null;

  /**
   * @param {object} [options]
   * @param {boolean} [options.isWatched]  from the beginning on
   * @param {number} [options.pauseMs]     from the end of one computation to the beginning of the next, at least
   */
  constructor({ isWatched = false, pauseMs = 0 } = {}) {
    super();
    this.#isWatched = isWatched;
    this.#pauseMs = pauseMs;
  }

  /**
   * Computes the result. For subclasses.
   * @returns {Promise<T>}
   */
  async compute() {
    throw new Error('this analysis computes nothing');
  }

  /** What the result would be made from now, as text that changes whenever that does. For subclasses. */
  source() {
    return '';
  }

  /** Whether nothing else has to come first. For subclasses. */
  isReady() {
    return true;
  }

  /** The latest result; null while there is none, or it is out of date. */
  get current() {
    return this.#madeFrom === this.source() ? this.#found : null;
  }

  /** @param {boolean} isWatched  whether somebody looks at it */
  watch(isWatched) {
    this.#isWatched = isWatched;
    this.run();
  }

  /** Computes the result if it is due; to be called after every change that may make it so. */
  async run() {
    if (this.isBusy || !this.#isDue()) return;
    this.#setBusy(true);
    while (this.#isDue()) await this.#once();
    this.#setBusy(false);
  }

  #isDue() {
    return this.#isWatched && this.isReady() && this.#madeFrom !== this.source();
  }

  async #once() {
    if (this.#pauseMs > 0) await this.#pause();
    this.#madeFrom = this.source();
    this.#found = null; // until the new one is there, none is current
    try {
      const found = await this.compute();
      this.#found = found;
      emit(this, 'found', found);
    } catch (error) {
      emit(this, 'failed', error);
    }
    this.#ended = performance.now();
  }

  #pause() {
    const rest = this.#ended + this.#pauseMs - performance.now();
    return new Promise((resolve) => setTimeout(resolve, Math.max(0, rest)));
  }

  /** @param {boolean} isBusy */
  #setBusy(isBusy) {
    this.isBusy = isBusy;
    emit(this, 'busy', isBusy);
  }
}
