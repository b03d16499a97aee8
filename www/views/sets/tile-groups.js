// @ts-check
/** The images of a set by identity, in the order in which they are shown. */

/** @typedef {import('./tile-pages.js').Group} Group */

export class TileGroups {
  /** By identity; ids in ascending order. @type {Map<string | null, number[]>} */
  #groups = new Map();
  /** @type {Map<number, string | null>} by id */
  #identities = new Map();
  /** @type {((id: number) => number) | null} null: as they came */
  #keyOf = null;

  /**
   * @param {number} id
   * @param {string | null | undefined} identity   undefined: it is no longer here
   * @returns {boolean}  whether that changes groups
   */
  put(id, identity) {
    const old = this.#identities.get(id);
    if (old === identity) return false;
    if (old !== undefined) this.#takeOut(id, old);
    if (identity === undefined) return true;
    this.#identities.set(id, identity);
    const ids = this.#groups.get(identity);
    if (!ids) this.#groups.set(identity, [id]);
    else if (id > ids[ids.length - 1]) ids.push(id);
    else
      ids.splice(
        ids.findIndex((other) => other > id),
        0,
        id,
      );
    return true;
  }

  /** @param {(id: number) => number} keyOf  ascending, of groups that of their first image */
  sort(keyOf) {
    this.#keyOf = keyOf;
  }

  /**
   * @param {((id: number) => boolean) | null} passes   null: all do
   * @returns {Group[]}  without empty ones
   */
  shown(passes) {
    const groups = Array.from(this.#groups, ([identity, ids]) => ({
      identity,
      ids: this.#inOrder(passes ? ids.filter(passes) : ids),
    }));
    const found = groups.filter(({ ids }) => ids.length > 0);
    const keyOf = this.#keyOf;
    return keyOf ? found.sort((one, other) => keyOf(one.ids[0]) - keyOf(other.ids[0])) : found;
  }

  /** @param {number[]} ids */
  #inOrder(ids) {
    const keyOf = this.#keyOf;
    return keyOf ? ids.toSorted((one, other) => keyOf(one) - keyOf(other)) : ids;
  }

  /**
   * @param {number} id
   * @param {string | null} identity
   */
  #takeOut(id, identity) {
    this.#identities.delete(id);
    const ids = /** @type {number[]} */ (this.#groups.get(identity));
    ids.splice(ids.indexOf(id), 1);
    if (ids.length === 0) this.#groups.delete(identity);
  }
}
