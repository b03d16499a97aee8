// @ts-check
/** Retries when the network fails, after a longer pause each time. */

const FIRST_MS = 500;
const LONGEST_MS = 20_000;
const MOST_TRIES = 8;

/** The server understood and said no: trying again changes nothing. */
export class Refused extends Error {}

/** The file is no longer the one that the download began with. */
export class Changed extends Error {}

export class Retry {
  #failures = 0;

  /**
   * @param {AbortSignal} signal
   * @param {(trouble: string) => void} onTrouble  what keeps it waiting; '' when it continues
   */
  constructor(signal, onTrouble) {
    this.signal = signal;
    this.onTrouble = onTrouble;
  }

  /** Bytes arrive: the next failure is a first one. */
  progress() {
    if (this.#failures === 0) return;
    this.#failures = 0;
    this.onTrouble('');
  }

  /**
   * Does `work` until it succeeds, is refused, or has failed too often without a byte between.
   *
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async run(work) {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        this.signal.throwIfAborted();
        if (!(error instanceof Interrupted || error instanceof TypeError)) throw error;
        await this.#wait(error.message);
      }
    }
  }

  /** @param {string} reason */
  async #wait(reason) {
    this.#failures += 1;
    if (this.#failures >= MOST_TRIES)
      throw new Error(`${reason}. Gave up after ${MOST_TRIES} attempts; what has arrived is kept.`);
    const delay = Math.min(LONGEST_MS, FIRST_MS * 2 ** (this.#failures - 1));
    this.onTrouble(`${reason}. Retrying in ${Math.ceil(delay / 1000)} s.`);
    await sleep(delay, this.signal);
  }
}

/** The connection broke, stalled, or the server is overloaded. */
export class Interrupted extends Error {}

/**
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function sleep(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', end);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });
}
