// @ts-check
/**
 * What other evaluation protocols say of the same embeddings. They are computed one after another, once somebody looks
 * at them, no image is being embedded and the study is done.
 *
 * Dispatches `found` (detail {name, found: ProtocolResults | null}), `failed` (detail {name, error}) and `busy` (detail
 * boolean).
 *
 * @typedef {import('../../types.js').FoundProtocols} FoundProtocols
 * @typedef {import('../../types.js').ProtocolDraws} ProtocolDraws
 * @typedef {import('../../types.js').ProtocolName} ProtocolName
 * @typedef {import('../../types.js').ProtocolResults} ProtocolResults
 * @typedef {import('../../matching/client.js').MatchingClient} MatchingClient
 * @typedef {import('./evaluation.js').Evaluator} Evaluator
 */
import { emit, on } from '../../events.js';
import { Analysis } from './analysis.js';

/** @type {ProtocolName[]} */
const NAMES = ['leaveOneOut', 'splits', 'singleGalleryShot'];

export class Protocols extends EventTarget {
  /** @type {ProtocolDraws} */
  draws = { galleryImages: 1, runs: 10, seed: 1 };
  /** @type {ProtocolAnalysis[]} */
  #analyses;
  #isBusy = false;

  /**
   * @param {MatchingClient} matching
   * @param {Evaluator} evaluator
   * @param {import('./study.js').Studies} studies
   */
  constructor(matching, evaluator, studies) {
    super();
    /** One at a time. */
    const isReady = (/** @type {ProtocolAnalysis} */ one) =>
      evaluator.settled && !studies.isBusy && !this.#analyses.some((other) => other !== one && other.isBusy);
    this.#analyses = NAMES.map(
      (name) => new ProtocolAnalysis(name, { matching, evaluator, isReady, draws: () => this.draws }),
    );
    for (const analysis of this.#analyses) {
      const { name } = analysis;
      on(analysis, 'found', (found) => emit(this, 'found', { name, found }));
      on(analysis, 'failed', (error) => emit(this, 'failed', { name, error }));
      on(analysis, 'busy', () => this.#run());
    }
    on(evaluator, 'evaluation', () => {
      for (const analysis of this.#analyses) analysis.version += 1;
      this.#run();
    });
    on(studies, 'busy', () => this.#run());
  }

  /** @param {boolean} isWatched  whether somebody looks at them */
  watch(isWatched) {
    for (const analysis of this.#analyses) analysis.watch(isWatched);
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
    const current = this.#analyses.flatMap(({ name, current }) => (current ? [[name, current]] : []));
    return current.length ? { draws: this.draws, ...Object.fromEntries(current) } : null;
  }

  /** Has the next one computed; they are busy together until none is. */
  #run() {
    for (const analysis of this.#analyses) analysis.run();
    const isBusy = this.#analyses.some((analysis) => analysis.isBusy);
    if (isBusy === this.#isBusy) return;
    this.#isBusy = isBusy;
    emit(this, 'busy', isBusy);
  }
}

/** @extends {Analysis<ProtocolResults | null>} */
class ProtocolAnalysis extends Analysis {
  /** Counts changes of images, labels and options. */
  version = 0;
  #parts;

  /**
   * @param {ProtocolName} name
   * @param {{matching: MatchingClient, evaluator: Evaluator, isReady: (one: ProtocolAnalysis) => boolean,
   *   draws: () => ProtocolDraws}} parts
   */
  constructor(name, parts) {
    super();
    this.name = name;
    this.#parts = parts;
  }

  /** @override */
  isReady() {
    return this.#parts.isReady(this);
  }

  /** @override */
  source() {
    const { galleryImages, runs, seed } = this.#parts.draws();
    const drawn = { leaveOneOut: [], splits: [galleryImages, runs, seed], singleGalleryShot: [seed] }[this.name];
    return [this.version, ...drawn].join(' ');
  }

  /** @override */
  async compute() {
    const { matching, evaluator, draws } = this.#parts;
    const { queries = 0, gallery = 0 } = evaluator.evaluation ?? {};
    const isEnough = this.name === 'singleGalleryShot' ? queries && gallery : queries + gallery;
    return isEnough ? matching.protocol(this.name, evaluator.options, draws()) : null;
  }
}
