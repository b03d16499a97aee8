// @ts-check
/**
 * The embeddings of the images, here and in the matching worker. They are kept for files and for undo.
 *
 * @typedef {import('../../types.js').Item} Item
 * @typedef {import('../../types.js').SetName} SetName
 */

export class Embeddings {
  #matching;
  #items;
  /** @type {Map<number, Float32Array>} by item id */
  #byId = new Map();
  /** @type {Set<number>} ids whose embedding came from a file: no model makes it again */
  #given = new Set();
  /** @type {Map<number, string | null>} by item id: the camera that it was made with, or is being made with */
  #cameras = new Map();
  /** @type {Set<number>} ids whose embedding is on its way to the matching worker; another set for another model */
  #arriving = new Set();

  /**
   * @param {import('../../matching/client.js').MatchingClient} matching
   * @param {import('../items.js').Items} items
   */
  constructor(matching, items) {
    this.#matching = matching;
    this.#items = items;
  }

  /** @param {number} id */
  get(id) {
    return this.#byId.get(id);
  }

  /** @param {number} id */
  has(id) {
    return this.#byId.has(id);
  }

  /** Ids of those that are on their way to the matching worker, until another model is used. */
  get arriving() {
    return this.#arriving;
  }

  /** @param {Item} item  that is about to be embedded with its camera */
  begin({ id, camera }) {
    this.#cameras.set(id, camera);
  }

  /** Whether an image's embedding was made with another camera. @param {Item} item */
  isOutdated({ id, camera }) {
    return this.#cameras.has(id) && this.#cameras.get(id) !== camera;
  }

  /**
   * Hands an embedding to the matching worker, and keeps it.
   *
   * @param {Item} item
   * @param {Float32Array} embedding
   * @returns whether it is still of use by then
   */
  async store({ id, set }, embedding) {
    const arriving = this.#arriving;
    arriving.add(id);
    await this.#matching.add(set, id, embedding);
    if (arriving !== this.#arriving) return false;
    if (!this.#items.get(id)) {
      await this.#matching.remove(set, id);
      return false;
    }
    this.#byId.set(id, embedding);
    return true;
  }

  /**
   * Keeps embeddings from a file; `handOver` has to follow.
   *
   * @param {Item[]} items
   * @param {Float32Array[]} embeddings
   */
  give(items, embeddings) {
    items.forEach(({ id }, index) => {
      this.#given.add(id);
      this.#byId.set(id, embeddings[index]);
    });
  }

  /** @param {Item[]} items  with embeddings; all at once, so that what is removed later is there by then */
  handOver(items) {
    const embedding = (/** @type {number} */ id) => /** @type {Float32Array} */ (this.#byId.get(id));
    return this.#matching.addAll(items.map(({ id, set }) => ({ id, set, embedding: embedding(id) })));
  }

  /** @param {Item[]} removed  from the sets; their embeddings stay here for undo */
  takeOut(removed) {
    const done = removed.filter(({ status }) => status === 'done');
    if (done.length > 0) this.#matching.removeAll(done.map(({ id, set }) => ({ id, set })));
  }

  /** @param {Iterable<number>} ids  of images that do not come back, or are embedded again */
  discard(ids) {
    for (const id of ids) {
      this.#byId.delete(id);
      this.#cameras.delete(id);
      this.#given.delete(id);
    }
  }

  /** Forgets what a model has made; what is still on its way is of no use. */
  discardMade() {
    this.#arriving = new Set();
    this.discard([...this.#byId.keys()].filter((id) => !this.#given.has(id)));
  }

  /** Empties the matching worker; what is still on its way is of no use. */
  reset() {
    this.#arriving = new Set();
    return this.#matching.reset();
  }
}
