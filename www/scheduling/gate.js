// @ts-check

/** Lets at most `most` pass at once; the others wait in line. */
export class Gate {
  /** @type {(() => void)[]} */
  #waiting = [];
  #inside = 0;

  /** @param {number} most */
  constructor(most) {
    this.most = most;
  }

  /**
   * Waits for a place, does `work`, gives the place back.
   *
   * @template T
   * @param {() => Promise<T>} work
   * @param {AbortSignal} [signal]  a reason not to begin
   * @returns {Promise<T>}
   */
  async pass(work, signal) {
    if (this.#inside >= this.most) await new Promise((resolve) => this.#waiting.push(() => resolve(null)));
    else this.#inside += 1;
    try {
      signal?.throwIfAborted();
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inside -= 1;
    }
  }
}
