// @ts-check
/**
 * The study of the embeddings: every metric with intervals, verification and thresholds, with or without refinements.
 *
 * Dispatches, in addition to an analysis's own events (`found`: Studied | null), `findings` (detail Finding[]) and
 * `threshold` (detail {threshold, ...AtThreshold}).
 *
 * @typedef {import('../../types.js').Refinements} Refinements
 * @typedef {import('../../types.js').ThresholdTarget} ThresholdTarget
 */
import { emit, on } from '../../events.js';
import { Analysis } from './analysis.js';

/** @extends {Analysis<import('../../types.js').Studied | null>} */
export class Studies extends Analysis {
  /** @type {Refinements} */
  refinements = {};
  /** @type {ThresholdTarget} */
  target = { kind: 'equalErrorRate' };
  seed = 1;
  #matching;
  #evaluator;
  #items;
  /** Counts changes of images, labels, options and settings. */
  #version = 0;

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
    on(evaluator, 'evaluation', () => this.#change());
  }

  /** What a study is made with. */
  get settings() {
    return { ...this.#evaluator.options, ...this.refinements, target: this.target, seed: this.seed };
  }

  /** @param {{refinements?: Refinements, target?: ThresholdTarget}} patch */
  set(patch) {
    Object.assign(this, patch);
    this.#change();
  }

  /** @param {number} threshold  that is tried on the latest study */
  async try(threshold) {
    const found = await this.#matching.atThreshold(threshold);
    if (found) emit(this, 'threshold', { threshold, ...found });
  }

  /** @override */
  source() {
    return String(this.#version);
  }

  /** @override */
  isReady() {
    return this.#evaluator.settled;
  }

  /** @override */
  async compute() {
    const { queries = 0, gallery = 0 } = this.#evaluator.evaluation ?? {};
    emit(this, 'findings', await this.examine());
    return queries && gallery ? this.make() : null;
  }

  /** A study by the labels and settings as they are now. */
  async make() {
    await this.#evaluator.share();
    return this.#matching.study(this.settings);
  }

  /** Checks the data set. */
  examine() {
    const images = this.#items.all();
    return this.#matching.examine(
      images.map(({ id, path, set, identity, camera, content }) => ({ id, path, set, identity, camera, content })),
    );
  }

  #change() {
    this.#version += 1;
    this.run();
  }
}
