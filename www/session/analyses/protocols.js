// @ts-check
/**
 * What other protocols say of the same embeddings. One after another, made when somebody looks at them, nothing is being
 * embedded and the study is done; anew when images, labels, options or what they draw changes.
 *
 * Dispatches `found` (detail {name, found: ProtocolNumbers | null}), `failed` (detail {name, error}) and `busy` (detail
 * boolean).
 *
 * @typedef {import('../../types.js').FoundProtocols} FoundProtocols
 * @typedef {import('../../types.js').ProtocolDraws} ProtocolDraws
 * @typedef {import('../../types.js').ProtocolName} ProtocolName
 * @typedef {import('../../types.js').ProtocolNumbers} ProtocolNumbers
 */
import { listen } from '../session.js';

/** @type {ProtocolName[]} */
const NAMES = ['leaveOneOut', 'splits', 'singleGalleryShot'];

export class Protocols extends EventTarget {
  /** @type {ProtocolDraws} */
  draws = { galleryImages: 1, runs: 10, seed: 1 };
  #matching;
  #evaluator;
  #studies;
  #isWatched = false;
  #isRunning = false;
  /** Counts evaluations: of images, labels and options. */
  #version = 0;
  /** What each was last made from. @type {Map<ProtocolName, string>} */
  #madeFrom = new Map();
  /** The latest of each. @type {Map<ProtocolName, ProtocolNumbers>} */
  #found = new Map();

  /**
   * @param {import('../../matching/client.js').MatchingClient} matching
   * @param {import('./evaluation.js').Evaluator} evaluator
   * @param {import('./study.js').Studies} studies
   */
  constructor(matching, evaluator, studies) {
    super();
    this.#matching = matching;
    this.#evaluator = evaluator;
    this.#studies = studies;
    listen(evaluator, 'evaluation', () => {
      this.#version += 1;
      this.#run();
    });
    listen(studies, 'busy', (isBusy) => isBusy || this.#run());
  }

  /** @param {boolean} isWatched  somebody looks at them */
  watch(isWatched) {
    this.#isWatched = isWatched;
    this.#run();
  }

  /** @param {ProtocolDraws} draws */
  set(draws) {
    this.draws = draws;
    this.#run();
  }

  /**
   * What is up to date, with what it was drawn by; null if nobody looked.
   * @returns {FoundProtocols | null}
   */
  get found() {
    const isCurrent = (/** @type {ProtocolName} */ name) => this.#madeFrom.get(name) === this.#source(name);
    const current = [...this.#found].filter(([name]) => isCurrent(name));
    return current.length ? { draws: this.draws, ...Object.fromEntries(current) } : null;
  }

  async #run() {
    if (this.#isRunning || !this.#next()) return;
    this.#isRunning = true;
    this.#dispatch('busy', true);
    for (let name = this.#next(); name; name = this.#next()) {
      this.#madeFrom.set(name, this.#source(name));
      this.#found.delete(name); // until the new one is there, none is saved
      try {
        const found = await this.#make(name);
        if (found) this.#found.set(name, found);
        this.#dispatch('found', { name, found });
      } catch (error) {
        this.#dispatch('failed', { name, error });
      }
    }
    this.#isRunning = false;
    this.#dispatch('busy', false);
  }

  /** The first that is stale and may be made now. */
  #next() {
    if (!this.#isWatched || !this.#evaluator.settled || this.#studies.isRunning) return undefined;
    return NAMES.find((name) => this.#madeFrom.get(name) !== this.#source(name));
  }

  /** @param {ProtocolName} name  what it is made from, in words */
  #source(name) {
    const { galleryImages, runs, seed } = this.draws;
    const drawn = { leaveOneOut: [], splits: [galleryImages, runs, seed], singleGalleryShot: [seed] }[name];
    return [this.#version, ...drawn].join(' ');
  }

  /** @param {ProtocolName} name */
  async #make(name) {
    const { queries = 0, gallery = 0 } = this.#evaluator.evaluation ?? {};
    const isEnough = name === 'singleGalleryShot' ? queries && gallery : queries + gallery;
    return isEnough ? this.#matching.protocol(name, this.#evaluator.options, this.draws) : null;
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   */
  #dispatch(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
