// @ts-check
/**
 * Labels, ranking and metrics, computed in a worker of their own so that the page never waits for them.
 *
 * @typedef {import('../types.js').EmbeddedImage} EmbeddedImage
 * @typedef {import('../types.js').EvaluationOptions} EvaluationOptions
 * @typedef {import('../types.js').PathLabel} PathLabel
 * @typedef {import('../types.js').SetName} SetName
 */
import { KeptWorker } from './kept-worker.js';

export class MatchingClient {
  #worker = new KeptWorker();

  /** Called when the worker was lost and an empty one has taken its place. */
  set onReplaced(/** @type {KeptWorker['onReplaced']} */ listener) {
    this.#worker.onReplaced = listener;
  }

  /** Called when the worker cannot be started for a while; it is retried. */
  set onTrouble(/** @type {KeptWorker['onTrouble']} */ listener) {
    this.#worker.onTrouble = listener;
  }

  /**
   * What paths say about images, and the runs that a data set of them has.
   * @param {string[]} paths
   */
  async describe(paths) {
    /** @type {PathLabel[]} */
    const labels = [];
    const runs = await this.#worker.call('describe', { paths }, ({ from, some }) => {
      labels.length = from; // a worker that is lost meanwhile is followed by one that begins again
      labels.push(...some);
    });
    return { labels, runs };
  }

  /**
   * Typed labels as all labels are read: trimmed, in one Unicode form, null where unknown.
   * @param {import('../types.js').TypedLabel} typed
   */
  readLabel(typed) {
    return this.#worker.call('readLabel', { typed });
  }

  /**
   * Those of `others` that a person may take for the same identity.
   *
   * @param {string} identity
   * @param {string[]} others
   */
  similarIdentities(identity, others) {
    return this.#worker.call('similarIdentities', { identity, others });
  }

  /**
   * @param {SetName} set
   * @param {number} id
   * @param {Float32Array} embedding
   */
  add(set, id, embedding) {
    return this.#worker.call('add', { set, id, embedding });
  }

  /**
   * Many at once: rows of one matrix are sent with all of it, whether one or many.
   * @param {{set: SetName, id: number, embedding: Float32Array}[]} images
   */
  addAll(images) {
    return this.#worker.call('addAll', { images });
  }

  /**
   * Reads embeddings from a file; the page stays usable meanwhile.
   *
   * @param {File} file            .npy, .mat or .json
   * @param {File | null} labels   the CSV that belongs to a .npy file
   * @returns {Promise<import('../types.js').Imported>}
   */
  async importEmbeddings(file, labels) {
    const { embeddings, ...imported } = await this.#worker.call('importEmbeddings', { file, labels });
    const { dim } = imported;
    return { ...imported, rows: imported.images.map((_, at) => embeddings.subarray(at * dim, (at + 1) * dim)) };
  }

  /**
   * @param {SetName} set
   * @param {number} id
   */
  remove(set, id) {
    return this.removeAll([{ set, id }]);
  }

  /** @param {{set: SetName, id: number}[]} images */
  removeAll(images) {
    return this.#worker.call('removeAll', { images });
  }

  /** Forgets all embeddings. */
  reset() {
    return this.#worker.call('reset', undefined);
  }

  /**
   * What is known of the images; it applies to every call until it is set again.
   *
   * @param {import('./worker.js').LabelledId[]} labels
   * @param {import('./labelled-matcher.js').Missing} missing
   */
  setLabels(labels, missing) {
    return this.#worker.call('setLabels', { labels, missing });
  }

  /** @param {EvaluationOptions} options */
  evaluate(options) {
    return this.#worker.call('evaluate', { options });
  }

  /**
   * Every metric by `settings`, and what refinements change.
   * @param {import('../types.js').StudySettings} settings
   */
  study(settings) {
    return this.#worker.call('study', { settings });
  }

  /**
   * What another protocol says.
   *
   * @param {import('../types.js').ProtocolName} name
   * @param {EvaluationOptions} options
   * @param {import('../types.js').ProtocolDraws} draws
   */
  protocol(name, options, draws) {
    return this.#worker.call('protocol', { name, options, draws });
  }

  /**
   * The bytes of a file of all embeddings.
   *
   * @param {'npy' | 'labels' | 'mat'} format
   * @param {EmbeddedImage[]} images
   * @param {boolean} [isForSpreadsheets]   of 'labels'
   */
  embeddingsFile(format, images, isForSpreadsheets = false) {
    return this.#worker.call('embeddingsFile', { format, images, isForSpreadsheets });
  }

  /**
   * What `numpy.save` begins a float32 matrix with.
   *
   * @param {number} rows
   * @param {number} columns
   */
  npyHeader(rows, columns) {
    return this.#worker.call('npyHeader', { rows, columns });
  }

  /** Every metric as it is saved, as JSON. @param {import('./worker.js').SavedFrom} from */
  metricsJson(from) {
    return this.#worker.call('metricsJson', from);
  }

  /**
   * Every metric as it is saved: the CSV of the metrics and of the queries.
   *
   * @param {import('./worker.js').SavedFrom} from
   * @param {boolean} isForSpreadsheets
   */
  metricsTables(from, isForSpreadsheets) {
    return this.#worker.call('metricsTables', { ...from, isForSpreadsheets });
  }

  /**
   * What the sets hold.
   *
   * @returns {Promise<Record<import('../types.js').Side, {images: number, identities: number, cameras: number, content: string | null}>>}
   */
  dataFacts() {
    return this.#worker.call('dataFacts', undefined);
  }

  /**
   * The first `top` ranks of every query as CSV.
   *
   * @param {EmbeddedImage[]} images
   * @param {EvaluationOptions} options
   * @param {number} top
   * @param {boolean} isForSpreadsheets
   */
  ranksFile(images, options, top, isForSpreadsheets) {
    return this.#worker.call('ranksFile', { images, options, top, isForSpreadsheets });
  }

  /**
   * Begins a CSV file of all pairs, with its first line.
   *
   * @param {EmbeddedImage[]} images
   * @param {boolean} isForSpreadsheets
   */
  beginScores(images, isForSpreadsheets) {
    return this.#worker.call('beginScores', { images, isForSpreadsheets });
  }

  /**
   * The next lines of that file.
   *
   * @param {number} from   the first query
   * @param {number} to     the one after the last
   */
  scoreLines(from, to) {
    return this.#worker.call('scoreLines', { from, to });
  }

  /**
   * Checks the data set.
   * @param {EmbeddedImage[]} images   with or without an embedding
   */
  examine(images) {
    return this.#worker.call('examine', { images });
  }

  /**
   * What a threshold does in the latest study; undefined before the first.
   * @param {number} threshold
   */
  atThreshold(threshold) {
    return this.#worker.call('atThreshold', { threshold });
  }

  /**
   * @param {number} queryId
   * @param {EvaluationOptions} options
   * @param {number} top  how many ranks
   */
  rank(queryId, options, top) {
    return this.#worker.call('rank', { queryId, options, top });
  }

  /**
   * The whole matrix, or some rows of it: a large one is better asked for in blocks.
   *
   * @param {number} [from]
   * @param {number} [to]  the row after the last
   * @returns {Promise<import('../types.js').SimilarityMatrix>}
   */
  similarity(from = 0, to = 2 ** 32 - 1) {
    return this.#worker.call('similarity', { from, to });
  }

  /** Tries at once to start a worker that could not be started. */
  wake() {
    this.#worker.wake();
  }
}
