// @ts-check
/**
 * The bundled data sets: one is shown when the page is opened, and makes way for a person's own images.
 * Dispatches `change`.
 *
 * @typedef {'hands' | 'market'} SampleName
 */
import { emit, on } from '../../events.js';
import { ownFile } from '../../own-file.js';

/** @type {SampleName[]} folders in samples/ */
export const SAMPLES = ['hands', 'market'];

export class Sample extends EventTarget {
  /** @type {SampleName} the one that is or was shown */
  name = SAMPLES[0];
  #items;
  #sets;
  #drops;
  /** @type {number[]} its items */
  #ids = [];
  #wasShown = false;
  #loading = new AbortController();

  /**
   * @param {object} parts
   * @param {import('../items.js').Items} parts.items
   * @param {import('./sets.js').Sets} parts.sets
   * @param {import('./drops.js').Drops} parts.drops
   */
  constructor({ items, sets, drops }) {
    super();
    this.#items = items;
    this.#sets = sets;
    this.#drops = drops;
    on(items, 'change', () => this.isShown !== this.#wasShown && this.#announce());
    on(sets, 'arriving', () => this.remove());
  }

  /** Whether any of its images is in the sets. */
  get isShown() {
    return this.#ids.some((id) => this.#items.get(id));
  }

  /**
   * Shows a sample in place of what is there, unless images are dropped meanwhile.
   * @param {SampleName} name
   */
  async open(name) {
    this.name = name;
    this.remove();
    const { signal } = this.#loading;
    const files = await fetchSample(name, signal).catch((error) => {
      if (!signal.aborted) throw error;
    });
    if (!files || signal.aborted || this.#items.size > 0) return;
    const added = await this.#drops.drop(files, 'dataset', { givesWay: true, signal }).catch((error) => {
      if (!signal.aborted) throw error;
      return [];
    });
    if (signal.aborted) return this.#sets.discard(added);
    this.#ids = added;
    this.#announce();
  }

  /** Takes its images out of the sets; one that is still on its way does not come. */
  remove() {
    this.#loading.abort();
    this.#loading = new AbortController();
    if (this.isShown) this.#sets.discard(this.#ids);
  }

  #announce() {
    this.#wasShown = this.isShown;
    emit(this, 'change');
  }
}

/**
 * @param {SampleName} name
 * @param {AbortSignal} signal
 * @returns {Promise<import('../../types.js').DroppedFile[]>}
 */
async function fetchSample(name, signal) {
  const folder = `samples/${name}/`;
  /** @type {string[]} */
  const paths = JSON.parse(await (await ownFile(`${folder}index.json`, signal)).text());
  const take = async (/** @type {string} */ path) => ({
    path,
    file: await ownFile(folder + path, signal),
    isOwnThumbnail: true,
  });
  return Promise.all(paths.map(take));
}
