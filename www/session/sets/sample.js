// @ts-check
/**
 * The bundled data sets: one is shown on first open; it steps aside for one's own images.
 * Dispatches `change`.
 *
 * @typedef {'hands' | 'market'} SampleName
 */
import { ownFile } from '../../own-file.js';

/** @type {SampleName[]} folders in samples/ */
export const SAMPLES = ['hands', 'market'];

export class Sample extends EventTarget {
  /** @type {SampleName} the one that is or was shown */
  name = SAMPLES[0];
  #session;
  /** @type {number[]} its items */
  #ids = [];
  #wasShown = false;
  #fetching = new AbortController();

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    super();
    this.#session = session;
    session.items.addEventListener('change', () => this.isShown !== this.#wasShown && this.#announce());
  }

  /** Whether any of its images is in the sets. */
  get isShown() {
    return this.#ids.some((id) => this.#session.items.get(id));
  }

  /**
   * Shows a sample in place of what is there, unless images are dropped meanwhile.
   * @param {SampleName} name
   */
  async open(name) {
    const { items, sets } = this.#session;
    this.name = name;
    this.stepAside();
    const { signal } = this.#fetching;
    const files = await fetchSample(name, signal).catch((error) => {
      if (!signal.aborted) throw error;
    });
    if (!files || signal.aborted || items.numbers.query + items.numbers.gallery > 0) return;
    const added = await sets.drop(files, 'dataset', { givesWay: true, signal }).catch((error) => {
      if (!signal.aborted) throw error;
      return [];
    });
    if (signal.aborted) return sets.discard(added);
    this.#ids = added;
    this.#announce();
  }

  /** Takes its images out of the sets; one that is still on its way does not come. */
  stepAside() {
    this.#fetching.abort();
    this.#fetching = new AbortController();
    if (this.isShown) this.#session.sets.discard(this.#ids);
  }

  #announce() {
    this.#wasShown = this.isShown;
    this.dispatchEvent(new Event('change'));
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
  const take = async (/** @type {string} */ path) => ({ path, file: await ownFile(folder + path, signal), isOwnThumbnail: true });
  return Promise.all(paths.map(take));
}
