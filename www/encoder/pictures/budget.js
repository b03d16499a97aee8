// @ts-check
/** Memory that decoded pictures may take together, over all workers. */

/** Share of the device's memory. */
const SHARE = 1 / 16;
/** One picture of 100 megapixels, and what goes with it. */
const MOST = 512 * 2 ** 20;
/** GiB of memory where the browser does not say: a phone's. */
const ASSUMED_MEMORY = 3;

/** @returns {number} bytes */
export function pictureBudget() {
  const { deviceMemory = ASSUMED_MEMORY } = /** @type {{deviceMemory?: number}} */ (navigator);
  return Math.min(MOST, deviceMemory * 2 ** 30 * SHARE);
}

/** Lets work begin as long as all of it together stays within the budget; anything larger runs alone. */
export class Budget {
  /** @type {{bytes: number, begin: () => void}[]} in line */
  #waiting = [];
  #spent = 0;
  #bytes;

  /** @param {number} bytes */
  constructor(bytes) {
    this.#bytes = bytes;
  }

  /**
   * @template T
   * @param {number} bytes   that it takes
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  async spend(bytes, work) {
    await new Promise((resolve) => {
      this.#waiting.push({ bytes, begin: () => resolve(null) });
      this.#next();
    });
    try {
      return await work();
    } finally {
      this.#spent -= bytes;
      this.#next();
    }
  }

  /** In order: so that a large one does not wait forever. */
  #next() {
    for (;;) {
      const [first] = this.#waiting;
      if (!first || (this.#spent > 0 && this.#spent + first.bytes > this.#bytes)) return;
      this.#waiting.shift();
      this.#spent += first.bytes;
      first.begin();
    }
  }
}
