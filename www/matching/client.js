// @ts-check
/**
 * Labels, ranking and metrics, computed in a worker of their own so that the page never waits for them.
 *
 * @typedef {import('../types.js').Evaluation} Evaluation
 * @typedef {import('../types.js').EvaluationOptions} EvaluationOptions
 * @typedef {import('../types.js').Label} Label
 * @typedef {import('../types.js').RankEntry} RankEntry
 * @typedef {import('../types.js').RunPair} RunPair
 * @typedef {import('../types.js').SetName} SetName
 * @typedef {import('../types.js').SimilarityMatrix} SimilarityMatrix
 * @typedef {import('./worker.js').LabelledId} LabelledId
 */
import { messageOf } from '../events.js';
import { WorkerClient, WorkerLost } from '../workers/messages.js';
import { Pauses } from '../scheduling/pauses.js';

/** So often a call is made anew when the worker is lost. */
const MOST_CALLS = 3;
/** A start that fails once more than this is told. */
const QUIET_FAILURES = 2;

export class MatchingClient {
  /** Called when the worker was lost and an empty one has taken its place. @type {(error: WorkerLost) => void} */
  onReplaced = () => {};
  /** Called when the worker cannot be started for a while; it is tried again. @type {(reason: string) => void} */
  onTrouble = () => {};
  /** In a row. */
  #losses = 0;
  #pauses = new Pauses();
  #worker = this.#start();

  /**
   * @param {string[]} paths
   * @returns {Promise<{labels: (Label & {skip: string | null, isLeftover: boolean})[], runs: RunPair[]}>}  skip: why it is no
   *   image, which then has no label; leftovers lie in every folder, and nobody means to drop them. The runs are those of a data set
   */
  async describe(paths) {
    /** @type {(Label & {skip: string | null, isLeftover: boolean})[]} */
    const labels = [];
    const runs = await this.#call('describe', { paths }, ({ from, some }) => {
      labels.length = from; // a worker that is lost meanwhile is followed by one that begins again
      labels.push(...some);
    });
    return { labels, runs };
  }

  /**
   * Typed labels as all labels are read: trimmed, in one Unicode form, null where unknown.
   *
   * @param {{identity?: string | null, camera?: string | null}} typed
   * @returns {Promise<{identity?: string | null, camera?: string | null}>}  of what was typed
   */
  readLabel(typed) {
    return this.#call('readLabel', { typed });
  }

  /**
   * @param {string} identity
   * @param {string[]} others
   * @returns {Promise<string[]>}  those of `others` that a person may take for the same
   */
  similarIdentities(identity, others) {
    return this.#call('similarIdentities', { identity, others });
  }

  /**
   * @param {SetName} set
   * @param {number} id
   * @param {Float32Array} embedding
   * @returns {Promise<void>}
   */
  add(set, id, embedding) {
    return this.#call('add', { set, id, embedding });
  }

  /**
   * Many at once: rows of one matrix are sent with all of it, whether one or many.
   * @param {{set: SetName, id: number, embedding: Float32Array}[]} images
   * @returns {Promise<void>}
   */
  addAll(images) {
    return this.#call('addAll', { images });
  }

  /**
   * Reads embeddings from a file; the page stays usable meanwhile.
   *
   * @param {File} file            .npy, .mat or .json
   * @param {File | null} labels   the CSV that belongs to a .npy file
   * @returns {Promise<import('../types.js').Imported>}
   */
  async importEmbeddings(file, labels) {
    const { embeddings, ...imported } = await this.#call('importEmbeddings', { file, labels });
    const row = (/** @type {unknown} */ _, /** @type {number} */ at) => embeddings.subarray(at * imported.dim, (at + 1) * imported.dim);
    return { ...imported, rows: imported.images.map(row) };
  }

  /**
   * @param {SetName} set
   * @param {number} id
   * @returns {Promise<void>}
   */
  remove(set, id) {
    return this.removeAll([{ set, id }]);
  }

  /**
   * @param {{set: SetName, id: number}[]} images
   * @returns {Promise<void>}
   */
  removeAll(images) {
    return this.#call('removeAll', { images });
  }

  /**
   * Forgets all embeddings.
   * @returns {Promise<void>}
   */
  reset() {
    return this.#call('reset');
  }

  /**
   * What is known of the images: it holds for everything that is asked until it is told again.
   *
   * @param {LabelledId[]} labels
   * @param {Record<SetName, import('../types.js').MissingImages>} missing
   * @returns {Promise<void>}
   */
  setLabels(labels, missing) {
    return this.#call('setLabels', { labels, missing });
  }

  /**
   * @param {EvaluationOptions} options
   * @returns {Promise<Evaluation>}
   */
  evaluate(options) {
    return this.#call('evaluate', { options });
  }

  /**
   * All numbers by `settings`, and what refinements change.
   *
   * @param {import('../types.js').StudySettings} settings
   * @returns {Promise<import('../types.js').Studied>}
   */
  study(settings) {
    return this.#call('study', { settings });
  }

  /**
   * What another protocol says.
   *
   * @param {import('../types.js').ProtocolName} name
   * @param {EvaluationOptions} options
   * @param {import('../types.js').ProtocolDraws} draws
   * @returns {Promise<import('../types.js').ProtocolNumbers>}
   */
  protocol(name, options, draws) {
    return this.#call('protocol', { name, options, draws });
  }

  /**
   * A file of all embeddings.
   *
   * @param {'npy' | 'labels' | 'mat'} format
   * @param {import('../types.js').EmbeddedImage[]} images
   * @param {boolean} [isForSpreadsheets]   of 'labels'
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  embeddingsFile(format, images, isForSpreadsheets = false) {
    return this.#call('embeddingsFile', { format, images, isForSpreadsheets });
  }

  /**
   * What `numpy.save` begins a float32 matrix with.
   *
   * @param {number} rows
   * @param {number} columns
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  npyHeader(rows, columns) {
    return this.#call('npyHeader', { rows, columns });
  }

  /**
   * An evaluation's JSON as CSV: its numbers, and its queries.
   *
   * @param {string} json
   * @param {boolean} isForSpreadsheets
   * @returns {Promise<Uint8Array<ArrayBuffer>[]>}
   */
  metricsTables(json, isForSpreadsheets) {
    return this.#call('metricsTables', { json, isForSpreadsheets });
  }

  /**
   * The first `top` ranks of every query as CSV.
   *
   * @param {import('../types.js').EmbeddedImage[]} images
   * @param {EvaluationOptions} options
   * @param {number} top
   * @param {boolean} isForSpreadsheets
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  ranksFile(images, options, top, isForSpreadsheets) {
    return this.#call('ranksFile', { images, options, top, isForSpreadsheets });
  }

  /**
   * Begins a CSV file of all pairs.
   *
   * @param {import('../types.js').EmbeddedImage[]} images
   * @param {boolean} isForSpreadsheets
   * @returns {Promise<string>}  its first line
   */
  beginScores(images, isForSpreadsheets) {
    return this.#call('beginScores', { images, isForSpreadsheets });
  }

  /**
   * Goes on with it.
   *
   * @param {number} from   the first query
   * @param {number} to     the one behind the last
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  scoreLines(from, to) {
    return this.#call('scoreLines', { from, to });
  }

  /**
   * What is odd about the data set.
   *
   * @param {(import('../types.js').EmbeddedImage & {content: string | null})[]} images   with or without an embedding
   * @returns {Promise<import('../types.js').Finding[]>}
   */
  examine(images) {
    return this.#call('examine', { images });
  }

  /**
   * What a threshold does in the latest study.
   *
   * @param {number} threshold
   * @returns {Promise<import('../types.js').AtThreshold | undefined>}
   */
  atThreshold(threshold) {
    return this.#call('atThreshold', { threshold });
  }

  /**
   * @param {number} queryId
   * @param {EvaluationOptions} options
   * @param {number} top  how many ranks
   * @returns {Promise<RankEntry[]>}
   */
  rank(queryId, options, top) {
    return this.#call('rank', { queryId, options, top });
  }

  /**
   * The whole matrix, or some rows of it: a large one is better asked for in blocks.
   *
   * @param {number} [from]
   * @param {number} [to]  the row behind the last
   * @returns {Promise<SimilarityMatrix>}
   */
  similarity(from = 0, to = 2 ** 32 - 1) {
    return this.#call('similarity', { from, to });
  }

  /**
   * A worker that has its package. As long as it cannot be started it is tried again, after growing pauses.
   * @param {WorkerLost} [lost]   why there has to be another one
   */
  async #start(lost) {
    for (let failures = 0; ; failures += 1) {
      if (failures + this.#losses > 1) await this.#pauses.after(failures + this.#losses - 1);
      const worker = new WorkerClient(new URL('./worker.js', import.meta.url));
      try {
        await worker.call('start');
      } catch (error) {
        worker.terminate();
        if (failures === QUIET_FAILURES) this.onTrouble(messageOf(error));
        continue;
      }
      worker.onLost = (error) => {
        this.#losses += 1;
        this.#worker = this.#start(error);
      };
      if (lost) queueMicrotask(() => this.onReplaced(lost));
      return worker;
    }
  }

  /** Tries at once to start a worker that could not be started. */
  wake() {
    this.#pauses.end();
  }

  /**
   * Asks the worker, and if it is lost meanwhile, its successor.
   * @param {string} action
   * @param {object} [args]
   * @param {(progress: any) => void} [onProgress]
   */
  async #call(action, args, onProgress) {
    for (let calls = 1; ; calls += 1) {
      try {
        const worker = await this.#worker;
        const answer = await worker.call(action, args, { onProgress });
        this.#losses = 0;
        return answer;
      } catch (error) {
        if (!(error instanceof WorkerLost) || calls === MOST_CALLS) throw error;
      }
    }
  }
}
