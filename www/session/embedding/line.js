// @ts-check
/**
 * Images that wait for their turn.
 *
 * @typedef {import('../../types.js').Item} Item
 */

export class Line {
  /** Including those that were deleted; the next one is the last. @type {Item[]} */
  #items = [];
  /** @type {Set<number>} ids */
  #ids = new Set();

  get size() {
    return this.#ids.size;
  }

  /** @param {Item[]} items  that take the place of those that wait, the next one first */
  fill(items) {
    this.#items = items.toReversed();
    this.#ids = new Set(items.map(({ id }) => id));
  }

  /** Takes the first. @returns {Item | undefined} */
  next() {
    for (;;) {
      const item = this.#items.pop();
      if (!item || this.#ids.delete(item.id)) return item;
    }
  }

  /** @param {number} id  @returns {boolean} whether it waited */
  delete(id) {
    return this.#ids.delete(id);
  }
}
