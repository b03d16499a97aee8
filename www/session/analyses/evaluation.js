// @ts-check
/**
 * Keeps evaluation, similarity matrix and the chosen query's ranks up to date.
 *
 * Dispatches `evaluation` (detail {evaluation, settled}), `matrix` (detail {matrix: SimilarityMatrix | null,
 * isTooLarge}),
 * `ranks` (detail {queryId, entries, total, unmatched}), `failed` (detail Error) and `busy` (detail boolean: newer numbers
 * are on their way). While images arrive, each at most once per interval.
 *
 * @typedef {import('../../types.js').EvaluationOptions} EvaluationOptions
 */

const EVALUATION_MS = 250;
const MATRIX_MS = 1000;
/** Above this many pairs the matrix is fetched only when nothing is embedding. */
const LIVE_MATRIX_PAIRS = 250_000;
/** Above this many it is not drawn: a screen has fewer pixels. */
const MOST_DRAWN_PAIRS = 9_000_000;

export class Evaluator extends EventTarget {
  /** @type {EvaluationOptions} */
  options = { removeSameCamera: true, unmatched: 'drop' };
  /** @type {number | null} */
  queryId = null;
  top = 50;
  /** Set by the session: no image is being embedded. */
  settled = true;
  #matching;
  #items;
  #timer = 0;
  #running = false;
  #again = false;
  #lastEvaluation = 0;
  #lastMatrix = 0;
  /** The latest. @type {import('../../types.js').Evaluation | null} */
  evaluation = null;

  /**
   * @param {import('../../matching/client.js').MatchingClient} matching
   * @param {import('../items.js').Items} items
   */
  constructor(matching, items) {
    super();
    this.#matching = matching;
    this.#items = items;
  }

  /** Something changed: evaluate soon, or as soon as the evaluation under way is finished. */
  request() {
    if (this.#running) this.#again = true;
    if (this.#running || this.#timer) return;
    this.#dispatch('busy', true);
    const wait = this.#lastEvaluation + EVALUATION_MS - performance.now();
    this.#timer = setTimeout(() => this.#run(), Math.max(0, wait));
  }

  /** Ranks the gallery for `queryId`, or dispatches no ranks while that query has no embedding. */
  async rank() {
    const { queryId } = this;
    const query = queryId === null ? undefined : this.#items.get(queryId);
    let entries = null;
    if (query?.status === 'done' && queryId !== null) {
      entries = await this.#matching.rank(queryId, this.options, this.top);
    }
    if (queryId !== this.queryId) return;
    const unmatched = this.resultOf(queryId)?.unmatched ?? null;
    this.#dispatch('ranks', { queryId, entries: judged(entries, unmatched), total: this.#ranked(queryId), unmatched });
  }

  /** Tells the matching worker what is known of the images now. */
  async share() {
    await this.#matching.setLabels(this.labels(), this.missing());
  }

  async #run() {
    this.#timer = 0;
    this.#running = true;
    try {
      const labels = this.labels();
      await this.#matching.setLabels(labels, this.missing());
      const evaluation = labels.length ? await this.#matching.evaluate(this.options) : null;
      this.evaluation = evaluation;
      this.#dispatch('evaluation', { evaluation, settled: this.settled });
      await this.rank();
      await this.#updateMatrix(evaluation ? evaluation.queries * evaluation.gallery : 0);
    } catch (error) {
      this.#dispatch('failed', error);
    }
    this.#running = false;
    this.#lastEvaluation = performance.now();
    if (!this.#again) return this.#dispatch('busy', false);
    this.#again = false;
    this.request();
  }

  /** @param {number} pairs */
  async #updateMatrix(pairs) {
    const due = performance.now() - this.#lastMatrix > MATRIX_MS && pairs <= LIVE_MATRIX_PAIRS;
    if (!this.settled && !due) return;
    const isTooLarge = pairs > MOST_DRAWN_PAIRS;
    this.#dispatch('matrix', { matrix: pairs > 0 && !isTooLarge ? await this.#matching.similarity() : null, isTooLarge });
    this.#lastMatrix = performance.now();
  }

  /** @param {number | null} queryId  how many gallery images are ranked for it */
  #ranked(queryId) {
    return (this.evaluation?.gallery ?? 0) - (this.resultOf(queryId)?.removed ?? 0);
  }

  /** @param {number | null} queryId  the latest of this query */
  resultOf(queryId) {
    return this.evaluation?.perQuery.find(({ id }) => id === queryId);
  }

  /** What the matching worker is told of each embedded image. */
  labels() {
    const done = this.#items.all().filter((item) => item.status === 'done');
    return done.map(({ id, identity, camera, content }) => ({ id, identity, camera, content }));
  }

  /** Which images have no embedding. */
  missing() {
    const of = (/** @type {import('../../types.js').SetName} */ set) => {
      const some = this.#items.of(set).filter(({ status }) => status !== 'done');
      return { images: some.length, identities: [...new Set(some.map(({ identity }) => identity))] };
    };
    return { query: of('query'), gallery: of('gallery') };
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   */
  #dispatch(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/**
 * Right and wrong are told apart only where something is to be found: with nothing that counts, no rank is wrong.
 *
 * @param {import('../../types.js').RankEntry[] | null} entries
 * @param {import('../../types.js').Unmatched | null} unmatched
 */
function judged(entries, unmatched) {
  return unmatched ? entries?.map((entry) => ({ ...entry, isMatch: null })) ?? null : entries;
}
