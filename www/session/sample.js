// @ts-check
/**
 * The bundled data sets: one is shown on first open; it steps aside for one's own images.
 * Dispatches `change`.
 *
 * @typedef {'hands' | 'market'} SampleName
 */
import { ownFile } from '../own-file.js';

/** @type {SampleName[]} folders in samples/ */
export const SAMPLES = ['hands', 'market'];

export class Sample extends EventTarget {
  /** @type {SampleName} the one that is or was shown */
  name = SAMPLES[0];
  #session;
  /** @type {Set<number>} its items */
  #ids = new Set();
  #fetching = new AbortController();

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    super();
    this.#session = session;
    session.items.addEventListener('change', () => this.dispatchEvent(new Event('change')));
  }

  /** Whether any of its images is in the sets. */
  get isShown() {
    return this.#session.items.all().some(({ id }) => this.#ids.has(id));
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
    const files = await fetchSample(name, signal);
    if (signal.aborted || items.all().length > 0) return;
    await sets.drop(files, 'dataset');
    this.#ids = new Set(items.all().map(({ id }) => id));
    this.dispatchEvent(new Event('change'));
  }

  /** Takes its images out of the sets; one that is still being fetched does not come. */
  stepAside() {
    this.#fetching.abort();
    this.#fetching = new AbortController();
    if (this.isShown) this.#session.sets.discard([...this.#ids]);
  }
}

/**
 * @param {SampleName} name
 * @param {AbortSignal} signal
 * @returns {Promise<import('../types.js').DroppedFile[]>}
 */
async function fetchSample(name, signal) {
  const folder = `samples/${name}/`;
  /** @type {string[]} */
  const paths = JSON.parse(await (await ownFile(`${folder}index.json`, signal)).text());
  return Promise.all(paths.map(async (path) => ({ path, file: await ownFile(folder + path, signal) })));
}
