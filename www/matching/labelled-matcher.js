// @ts-check
/**
 * The embeddings of both sets with what is known of their images. The matcher in Rust is told the labels in the order
 * of its rows and columns, once after each change, when something is asked that depends on them.
 *
 * @typedef {import('../types.js').EmbeddedImage} EmbeddedImage
 * @typedef {import('../types.js').MissingImages} MissingImages
 * @typedef {import('../types.js').SetName} SetName
 * @typedef {{identity: string | null, camera: string | null, content: string | null}} Label   content: of its file
 * @typedef {Label & {id: number}} LabelledId
 */

/** @type {Label} */
const UNLABELLED = { identity: null, camera: null, content: null };
const UNKNOWN = { path: '', set: null, identity: null, camera: null, content: null };
/** @type {MissingImages} */
const NONE_MISSING = { images: 0, identities: [] };

export class LabelledMatcher {
  #reid;
  #matcher;
  /** What the page has said of its images. @type {Map<number, Label>} */
  #known = new Map();
  /** Which images have no embedding. @type {Record<SetName, MissingImages>} */
  #missing = { query: NONE_MISSING, gallery: NONE_MISSING };
  /** Whether the matcher has been told. */
  #isTold = false;

  /** @param {import('../package.js').Package} reid */
  constructor(reid) {
    this.#reid = reid;
    this.#matcher = new reid.Matcher();
  }

  /** The matcher for what does not depend on labels. */
  get plain() {
    return this.#matcher;
  }

  /**
   * The matcher with one label for each row and each column. An image that has arrived here before the page has said
   * anything of it has none yet.
   */
  get labelled() {
    if (!this.#isTold) {
      const labelsOf = (/** @type {SetName} */ set) =>
        Array.from(this.ids(set), (id) => this.#known.get(id) ?? UNLABELLED);
      this.#matcher.setLabels({ query: labelsOf('query'), gallery: labelsOf('gallery'), missing: this.#missing });
      this.#isTold = true;
    }
    return this.#matcher;
  }

  /** @param {SetName} set  @returns ids of its images, in the order of rows or columns */
  ids(set) {
    return this.#matcher.ids(set);
  }

  /**
   * @param {SetName} set
   * @param {number} id
   * @param {Float32Array} embedding
   */
  add(set, id, embedding) {
    this.#isTold = false;
    this.#matcher.add(set, id, embedding);
  }

  /**
   * @param {SetName} set
   * @param {number} id
   */
  remove(set, id) {
    this.#isTold = false;
    this.#matcher.remove(set, id);
  }

  /** Forgets all embeddings. */
  reset() {
    this.#isTold = false;
    this.#matcher.free();
    this.#matcher = new this.#reid.Matcher();
  }

  /**
   * @param {LabelledId[]} labels
   * @param {Record<SetName, MissingImages>} missing
   */
  setLabels(labels, missing) {
    this.#isTold = false;
    this.#missing = missing;
    this.#known = new Map(labels.map(({ id, ...label }) => [id, label]));
  }

  /**
   * The images that have embeddings here: queries, then gallery.
   * @param {EmbeddedImage[]} images
   */
  inOrder(images) {
    const byId = new Map(images.map(({ id, ...image }) => [id, image]));
    return [...this.ids('query'), ...this.ids('gallery')].map((id) => byId.get(id) ?? UNKNOWN);
  }

  /** Their paths. @param {EmbeddedImage[]} images */
  pathsInOrder(images) {
    return this.inOrder(images).map(({ path }) => path);
  }
}
