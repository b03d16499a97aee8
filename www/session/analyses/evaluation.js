// @ts-check
/**
 * Keeps the evaluation, the similarity matrix and the ranks of the chosen query up to date.
 *
 * Dispatches, in addition to an analysis's own events, `evaluation` (detail {evaluation, settled}), `matrix` (detail
 * {matrix: SimilarityMatrix | null, isTooLarge}) and `ranks` (detail {queryId, entries, total, unmatched}). While
 * images arrive, each comes at most once per interval.
 *
 * @typedef {import('../../types.js').Evaluation} Evaluation
 * @typedef {import('../../types.js').EvaluationOptions} EvaluationOptions
 */
import { emit, on } from '../../events.js';
import { Analysis } from './analysis.js';

const EVALUATION_MS = 250;
const MATRIX_MS = 1000;
/** Ranks that are asked for when a query is chosen. */
const FIRST_RANKS = 50;
/** Above this many pairs the matrix is asked for only while no image is being embedded. */
const LIVE_MATRIX_PAIRS = 250_000;
/** Above this many pairs it is not drawn: a screen has fewer pixels. */
const MOST_DRAWN_PAIRS = 9_000_000;

/** @extends {Analysis<Evaluation | null>} */
export class Evaluator extends Analysis {
  /** @type {EvaluationOptions} */
  options = { removeSameCamera: true, unmatched: 'drop' };
  /** @type {number | null} the chosen query */
  queryId = null;
  /** Ranks of it that are asked for. */
  top = FIRST_RANKS;
  /** No image is being embedded. */
  settled = true;
  /** The latest. @type {Evaluation | null} */
  evaluation = null;
  #matching;
  #items;
  #version = 0;
  #lastMatrix = 0;

  /**
   * @param {import('../../matching/client.js').MatchingClient} matching
   * @param {import('../items.js').Items} items
   * @param {import('../embedding/embedder.js').Embedder} embedder
   */
  constructor(matching, items, embedder) {
    super({ isWatched: true, pauseMs: EVALUATION_MS });
    this.#matching = matching;
    this.#items = items;
    on(embedder, 'progress', ({ phase }) => {
      this.settled = phase !== 'embedding' && phase !== 'stalled';
    });
  }

  /** Something changed: evaluates soon, or as soon as the evaluation under way is finished. */
  request() {
    this.#version += 1;
    this.run();
  }

  /** @param {Partial<EvaluationOptions>} patch */
  setOptions(patch) {
    this.options = { ...this.options, ...patch };
    this.request();
  }

  /** @param {number | null} queryId  the query that is chosen from now on */
  choose(queryId) {
    this.queryId = queryId;
    this.showRanks(FIRST_RANKS);
  }

  /** @param {number} top  how many ranks of the chosen query are asked for */
  showRanks(top) {
    this.top = top;
    this.#rank().catch((error) => emit(this, 'failed', error));
  }

  /** @override */
  source() {
    return String(this.#version);
  }

  /** @override */
  async compute() {
    const labels = this.#labels();
    await this.#matching.setLabels(labels, this.#missing());
    const evaluation = labels.length ? await this.#matching.evaluate(this.options) : null;
    this.evaluation = evaluation;
    emit(this, 'evaluation', { evaluation, settled: this.settled });
    await this.#rank();
    await this.#updateMatrix(evaluation ? evaluation.queries * evaluation.gallery : 0);
    return evaluation;
  }

  /** Tells the matching worker what is known of the images now. */
  async share() {
    await this.#matching.setLabels(this.#labels(), this.#missing());
  }

  /** @param {number | null} queryId  @returns the latest result of this query */
  resultOf(queryId) {
    return this.evaluation?.perQuery.find(({ id }) => id === queryId);
  }

  /** Ranks the gallery for the chosen query; without ranks while that query has no embedding. */
  async #rank() {
    const { queryId } = this;
    const query = queryId === null ? undefined : this.#items.get(queryId);
    const isEmbedded = query?.status === 'done' && queryId !== null;
    const entries = isEmbedded ? await this.#matching.rank(queryId, this.options, this.top) : null;
    if (queryId !== this.queryId) return;
    const unmatched = this.resultOf(queryId)?.unmatched ?? null;
    emit(this, 'ranks', { queryId, entries: judged(entries, unmatched), total: this.#ranked(queryId), unmatched });
  }

  /** @param {number} pairs */
  async #updateMatrix(pairs) {
    const isDue = performance.now() - this.#lastMatrix > MATRIX_MS && pairs <= LIVE_MATRIX_PAIRS;
    if (!this.settled && !isDue) return;
    const isTooLarge = pairs > MOST_DRAWN_PAIRS;
    emit(this, 'matrix', { matrix: pairs > 0 && !isTooLarge ? await this.#matching.similarity() : null, isTooLarge });
    this.#lastMatrix = performance.now();
  }

  /** @param {number | null} queryId  @returns how many gallery images are ranked for it */
  #ranked(queryId) {
    return (this.evaluation?.gallery ?? 0) - (this.resultOf(queryId)?.removed ?? 0);
  }

  /** What the matching worker needs to know about each embedded image. */
  #labels() {
    const done = this.#items.all().filter((item) => item.status === 'done');
    return done.map(({ id, identity, camera, content }) => ({ id, identity, camera, content }));
  }

  /** Which images have no embedding. */
  #missing() {
    const missing = (/** @type {import('../../types.js').Item[]} */ images) => {
      const some = images.filter(({ status }) => status !== 'done');
      return { images: some.length, identities: [...new Set(some.map(({ identity }) => identity))] };
    };
    const items = this.#items;
    return { query: missing(items.on('query')), gallery: missing(items.on('gallery')), pool: missing(items.all()) };
  }
}

/**
 * Correct and incorrect ranks are told apart only where there is something to find: if nothing counts, no rank is
 * wrong.
 *
 * @param {import('../../types.js').RankEntry[] | null} entries
 * @param {import('../../types.js').Unmatched | null} unmatched
 */
function judged(entries, unmatched) {
  return unmatched ? (entries?.map((entry) => ({ ...entry, isMatch: null })) ?? null) : entries;
}
