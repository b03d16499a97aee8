// @ts-check
/**
 * Images that were set aside: their file is gone for now, or workers were lost on them. The latter are tried once more
 * when nothing else is left to do, one at a time; after that all of them wait for the person.
 *
 * @typedef {import('../../types.js').Item} Item
 * @typedef {'gone' | 'lost'} Cause
 * @typedef {{cause: Cause, reason: string, wasTried: boolean}} Entry   wasTried: alone
 */

export class Aside {
  /** @type {Map<number, Entry>} by item id */
  #entries = new Map();
  /** @type {Set<number>} ids of those that are or were tried alone */
  #tried = new Set();

  get size() {
    return this.#entries.size;
  }

  /** @param {number} id */
  has(id) {
    return this.#entries.has(id);
  }

  /** Whether it is, or was, tried alone. @param {number} id */
  isTried(id) {
    return this.#tried.has(id);
  }

  /**
   * @param {number} id
   * @param {Cause} cause
   * @param {string} reason   what went wrong
   */
  add(id, cause, reason) {
    this.#entries.set(id, { cause, reason, wasTried: this.#tried.has(id) });
  }

  /**
   * Removes one that is due to be tried alone.
   * @param {{get: (id: number) => Item | undefined}} items
   */
  next(items) {
    for (const [id, { cause, wasTried }] of this.#entries) {
      if (cause !== 'lost' || wasTried) continue;
      this.#entries.delete(id);
      this.#tried.add(id);
      const item = items.get(id);
      if (item) return item;
    }
    return undefined;
  }

  /** @param {number} id  @returns {boolean} whether it was here */
  delete(id) {
    return this.#entries.delete(id);
  }

  clear() {
    this.#entries.clear();
    this.#tried.clear();
  }

  /** @param {Cause} cause  @returns {{id: number, reason: string}[]} */
  of(cause) {
    return Array.from(this.#entries, ([id, entry]) => ({ id, ...entry })).filter((entry) => entry.cause === cause);
  }
}
