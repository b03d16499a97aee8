// @ts-check
/** Growing pauses between attempts, which can be cut short. */

/** Milliseconds after the first attempt that failed, the second, …; the last one is repeated. */
const PAUSES_MS = [250, 500, 1000, 2000, 4000, 8000, 16_000, 30_000];

export class Pauses {
  /** @type {Set<() => void>} */
  #waiting = new Set();

  /**
   * @param {number} failures  so far, at least 1
   * @returns {Promise<void>}
   */
  async after(failures) {
    const pause = PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1];
    /** @type {() => void} */
    let wake = () => {};
    await new Promise((resolve) => {
      const timer = setTimeout(resolve, pause);
      wake = () => {
        clearTimeout(timer);
        resolve(null);
      };
      this.#waiting.add(wake);
    });
    this.#waiting.delete(wake);
  }

  /** Ends all pauses that are under way. */
  end() {
    for (const wake of this.#waiting) wake();
  }
}
