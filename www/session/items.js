// @ts-check
/**
 * The images of all sets.
 *
 * Dispatches `change` at most once a frame, with the ids touched since the last one
 * (a touched id that `get` no longer knows was removed).
 *
 * @typedef {import('../types.js').Item} Item
 * @typedef {import('../types.js').SetName} SetName
 * @typedef {Pick<Item, 'set' | 'file' | 'origin' | 'path' | 'thumbnail' | 'identity' | 'camera'> &
 *   {content?: string | null}} NewItem  content: of embeddings whose file is known by its SHA-256
 */

import { emit } from '../events.js';

export class Items extends EventTarget {
  /** @type {Map<number, Item>} */
  #byId = new Map();
  /** @type {Set<number>} */
  #touched = new Set();
  #frame = 0;
  #nextId = 1;
  #counts = { query: 0, gallery: 0, collection: 0 };

  /**
   * @param {NewItem[]} described
   * @returns {Item[]}
   */
  add(described) {
    return described.map((one) => {
      /** @type {Item} */
      const item = { ...one, id: this.#nextId++, status: 'waiting', width: 0, height: 0, content: one.content ?? null };
      this.#byId.set(item.id, item);
      this.#counts[item.set] += 1;
      this.#touch(item.id);
      return item;
    });
  }

  /**
   * Whether the sets hold embeddings from files; these are never together with images, with which they cannot be
   * compared.
   */
  get areImported() {
    for (const { origin } of this.#byId.values()) return origin !== null;
    return false;
  }

  /** @param {number} id */
  get(id) {
    return this.#byId.get(id);
  }

  /** @returns {Item[]} in the order of adding */
  all() {
    return [...this.#byId.values()];
  }

  /** @param {SetName} set */
  of(set) {
    return this.all().filter((item) => item.set === set);
  }

  /** Those that are searched for, or searched in. @param {import('../types.js').Side} side */
  on(side) {
    return this.all().filter(({ set }) => set === side || set === 'collection');
  }

  /** How many images each set has. */
  get counts() {
    return { ...this.#counts };
  }

  /** How many images all sets have. */
  get size() {
    return this.#byId.size;
  }

  /**
   * @param {number} id
   * @param {Partial<Item>} patch
   */
  change(id, patch) {
    const item = this.#byId.get(id);
    if (!item) return;
    Object.assign(item, patch);
    this.#touch(id);
  }

  /**
   * @param {number[]} ids
   * @returns {Item[]} the removed ones, for `restore` or `dispose`
   */
  remove(ids) {
    const removed = ids.flatMap((id) => this.#byId.get(id) ?? []);
    for (const { id, set } of removed) {
      this.#byId.delete(id);
      this.#counts[set] -= 1;
      this.#touch(id);
    }
    return removed;
  }

  /** @param {Item[]} removed  by `remove`; they go back to where they were */
  restore(removed) {
    const all = [...this.all(), ...removed].sort((a, b) => a.id - b.id);
    this.#byId = new Map(all.map((item) => [item.id, item]));
    for (const { id, set } of removed) {
      this.#counts[set] += 1;
      this.#touch(id);
    }
  }

  /** @param {Item[]} removed  by `remove`, once they cannot come back */
  dispose(removed) {
    for (const { thumbnail } of removed) if (thumbnail) URL.revokeObjectURL(thumbnail);
  }

  /** @param {number} id */
  #touch(id) {
    this.#touched.add(id);
    this.#frame ||= requestAnimationFrame(() => this.#announce());
  }

  #announce() {
    const touched = this.#touched;
    this.#touched = new Set();
    this.#frame = 0;
    emit(this, 'change', { touched });
  }
}
