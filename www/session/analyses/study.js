// @ts-check
/**
 * The study of the embeddings: all numbers, plainly or after refinements. Made when somebody looks at it and nothing is
 * being embedded; anew when settings, labels or images change.
 *
 * Dispatches `study` (detail Studied | null), `findings` (detail Finding[]), `busy` (detail boolean), `threshold` (detail {threshold, ...AtThreshold})
 * and `failed` (detail Error).
 *
 * @typedef {import('../../types.js').Refinements} Refinements
 * @typedef {import('../../types.js').ThresholdTarget} ThresholdTarget
 */
import { listen } from '../session.js';

export class Studies extends EventTarget {
  /** @type {Refinements} */
  refinements = {};
  /** @type {ThresholdTarget} */
  target = { kind: 'equalErrorRate' };
  seed = 1;
  #matching;
  #evaluator;
  #items;
  #isWatched = false;
  #isStale = true;
  #isRunning = false;

  /**
   * @param {import('../../matching/client.js').MatchingClient} matching
   * @param {import('./evaluation.js').Evaluator} evaluator
   * @param {import('../items.js').Items} items
   */
  constructor(matching, evaluator, items) {
    super();
    this.#items = items;
    this.#matching = matching;
    this.#evaluator = evaluator;
    listen(evaluator, 'evaluation', () => this.#invalidate());
  }

  /** What a study is made by. */
  get settings() {
    return { ...this.#evaluator.options, ...this.refinements, target: this.target, seed: this.seed };
  }

  /** One is being made. */
  get isRunning() {
    return this.#isRunning;
  }

  /** @param {boolean} isWatched  somebody looks at it */
  watch(isWatched) {
    this.#isWatched = isWatched;
    this.#run();
  }

  /** @param {{refinements?: Refinements, target?: ThresholdTarget}} patch */
  set(patch) {
    Object.assign(this, patch);
    this.#invalidate();
  }

  /** @param {number} threshold  tried on the latest study */
  async try(threshold) {
    const found = await this.#matching.atThreshold(threshold);
    if (found) this.#dispatch('threshold', { threshold, ...found });
  }

  #invalidate() {
    this.#isStale = true;
    this.#run();
  }

  async #run() {
    if (!this.#isWatched || !this.#isStale || this.#isRunning || !this.#evaluator.settled) return;
    this.#isRunning = true;
    this.#isStale = false;
    this.#dispatch('busy', true);
    try {
      const { queries = 0, gallery = 0 } = this.#evaluator.evaluation ?? {};
      this.#dispatch('findings', await this.examine());
      this.#dispatch('study', queries && gallery ? await this.make() : null);
    } catch (error) {
      this.#dispatch('failed', error);
    }
    this.#isRunning = false;
    this.#dispatch('busy', false);
    this.#run();
  }

  /** By the labels and settings as they are now. */
  async make() {
    await this.#evaluator.share();
    return this.#matching.study(this.settings);
  }

  /** What is odd about the data set. */
  examine() {
    return this.#matching.examine(this.#items.all().map(({ id, path, set, identity, camera, content }) => ({ id, path, set, identity, camera, content })));
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   */
  #dispatch(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
