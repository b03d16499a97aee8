// @ts-check
/**
 * The embeddings of both sets with what is known of their images. The matcher in Rust is told the labels in the order
 * of its rows and columns, once after each change, when something is asked that depends on them.
 *
 * @typedef {import('../types.js').EmbeddedImage} EmbeddedImage
 * @typedef {import('../types.js').MissingImages} MissingImages
 * @typedef {import('../types.js').SetName} SetName
 * @typedef {import('../types.js').Side} Side
 * @typedef {Record<Side | 'pool', MissingImages>} Missing   pool: of both sides together
 * @typedef {{identity: string | null, camera: string | null, content: string | null}} Label   content: of its file
 * @typedef {Label & {id: number}} LabelledId
 */

/** @type {Label} */
const UNLABELLED = { identity: null, camera: null, content: null };
/** @type {Omit<EmbeddedImage, 'id'>} */
const UNKNOWN = { path: '', set: null, identity: null, camera: null, content: null };
/** @type {MissingImages} */
const NONE_MISSING = { images: 0, identities: [] };

export class LabelledMatcher {
  #reid;
  #matcher;
  /** What the page has said of its images. @type {Map<number, Label>} */
  #known = new Map();
  /** Which images have no embedding. @type {Missing} */
  #missing = { query: NONE_MISSING, gallery: NONE_MISSING, pool: NONE_MISSING };
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
      const labelsOf = (/** @type {Side} */ set) =>
        Array.from(this.ids(set), (id) => this.#known.get(id) ?? UNLABELLED);
      this.#matcher.setLabels({ query: labelsOf('query'), gallery: labelsOf('gallery'), missing: this.#missing });
      this.#isTold = true;
    }
    return this.#matcher;
  }

  /** @param {Side} side  @returns ids of its images, in the order of rows or columns */
  ids(side) {
    return this.#matcher.ids(side);
  }

  /**
   * @param {SetName} set
   * @param {number} id
   * @param {Float32Array} embedding
   */
  add(set, id, embedding) {
    this.#isTold = false;
    for (const side of sidesOf(set)) this.#matcher.add(side, id, embedding);
  }

  /**
   * @param {SetName} set
   * @param {number} id
   */
  remove(set, id) {
    this.#isTold = false;
    for (const side of sidesOf(set)) this.#matcher.remove(side, id);
  }

  /** Forgets all embeddings. */
  reset() {
    this.#isTold = false;
    this.#matcher.free();
    this.#matcher = new this.#reid.Matcher();
  }

  /**
   * @param {LabelledId[]} labels
   * @param {Missing} missing
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
    return named([...this.ids('query'), ...this.ids('gallery')], images);
  }

  /** Ids of all images, each once: queries that are not in the gallery, then the gallery. */
  poolIds() {
    const gallery = new Set(this.ids('gallery'));
    return [...[...this.ids('query')].filter((id) => !gallery.has(id)), ...gallery];
  }

  /** All images, each once. @param {EmbeddedImage[]} images */
  pool(images) {
    return named(this.poolIds(), images);
  }

  /** Their paths. @param {EmbeddedImage[]} images */
  pathsInOrder(images) {
    return this.inOrder(images).map(({ path }) => path);
  }
}

/** @param {SetName} set  @returns {Side[]} */
export function sidesOf(set) {
  return set === 'collection' ? ['query', 'gallery'] : [set];
}

/**
 * @param {number[]} ids
 * @param {EmbeddedImage[]} images
 */
function named(ids, images) {
  const byId = new Map(images.map(({ id, ...image }) => [id, image]));
  return ids.map((id) => byId.get(id) ?? UNKNOWN);
}
