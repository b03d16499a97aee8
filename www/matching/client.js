// @ts-check
/**
 * Labels, ranking and metrics, computed in a worker of their own so that the page never waits for them.
 *
 * @typedef {import('../types.js').EmbeddedImage} EmbeddedImage
 * @typedef {import('../types.js').EvaluationOptions} EvaluationOptions
 * @typedef {import('../types.js').PathLabel} PathLabel
 * @typedef {import('../types.js').SetName} SetName
 * @typedef {import('./worker.js').MatchingActions} Actions
 */
import { messageOf } from '../events.js';
import { Pauses } from '../scheduling/pauses.js';
import { WorkerClient, WorkerLost } from '../workers/messages.js';

/** How often a call is made in all when the worker is lost. */
const MOST_CALLS = 3;
/** Starts may fail this often before that is reported. */
const QUIET_FAILURES = 2;

export class MatchingClient {
  /** Called when the worker was lost and an empty one has taken its place. @type {(error: WorkerLost) => void} */
  onReplaced = () => {};
  /** Called when the worker cannot be started for a while; it is retried. @type {(reason: string) => void} */
  onTrouble = () => {};
  /** In a row. */
  #losses = 0;
  #pauses = new Pauses();
  #worker = this.#start();

  /**
   * What paths say about images, and the runs that a data set of them has.
   * @param {string[]} paths
   */
  async describe(paths) {
    /** @type {PathLabel[]} */
    const labels = [];
    const runs = await this.#call('describe', { paths }, ({ from, some }) => {
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
    return this.#call('readLabel', { typed });
  }

  /**
   * Those of `others` that a person may take for the same identity.
   *
   * @param {string} identity
   * @param {string[]} others
   */
  similarIdentities(identity, others) {
    return this.#call('similarIdentities', { identity, others });
  }

  /**
   * @param {SetName} set
   * @param {number} id
   * @param {Float32Array} embedding
   */
  add(set, id, embedding) {
    return this.#call('add', { set, id, embedding });
  }

  /**
   * Many at once: rows of one matrix are sent with all of it, whether one or many.
   * @param {{set: SetName, id: number, embedding: Float32Array}[]} images
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
    return this.#call('removeAll', { images });
  }

  /** Forgets all embeddings. */
  reset() {
    return this.#call('reset', undefined);
  }

  /**
   * What is known of the images; it applies to every call until it is set again.
   *
   * @param {import('./worker.js').LabelledId[]} labels
   * @param {import('./labelled-matcher.js').Missing} missing
   */
  setLabels(labels, missing) {
    return this.#call('setLabels', { labels, missing });
  }

  /** @param {EvaluationOptions} options */
  evaluate(options) {
    return this.#call('evaluate', { options });
  }

  /**
   * Every metric by `settings`, and what refinements change.
   * @param {import('../types.js').StudySettings} settings
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
   */
  protocol(name, options, draws) {
    return this.#call('protocol', { name, options, draws });
  }

  /**
   * The bytes of a file of all embeddings.
   *
   * @param {'npy' | 'labels' | 'mat'} format
   * @param {EmbeddedImage[]} images
   * @param {boolean} [isForSpreadsheets]   of 'labels'
   */
  embeddingsFile(format, images, isForSpreadsheets = false) {
    return this.#call('embeddingsFile', { format, images, isForSpreadsheets });
  }

  /**
   * What `numpy.save` begins a float32 matrix with.
   *
   * @param {number} rows
   * @param {number} columns
   */
  npyHeader(rows, columns) {
    return this.#call('npyHeader', { rows, columns });
  }

  /** Every metric as it is saved, as JSON. @param {import('./worker.js').SavedFrom} from */
  metricsJson(from) {
    return this.#call('metricsJson', from);
  }

  /**
   * Every metric as it is saved: the CSV of the metrics and of the queries.
   *
   * @param {import('./worker.js').SavedFrom} from
   * @param {boolean} isForSpreadsheets
   */
  metricsTables(from, isForSpreadsheets) {
    return this.#call('metricsTables', { ...from, isForSpreadsheets });
  }

  /**
   * What the sets hold.
   *
   * @returns {Promise<Record<import('../types.js').Side, {images: number, identities: number, cameras: number, content: string | null}>>}
   */
  dataFacts() {
    return this.#call('dataFacts', undefined);
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
    return this.#call('ranksFile', { images, options, top, isForSpreadsheets });
  }

  /**
   * Begins a CSV file of all pairs, with its first line.
   *
   * @param {EmbeddedImage[]} images
   * @param {boolean} isForSpreadsheets
   */
  beginScores(images, isForSpreadsheets) {
    return this.#call('beginScores', { images, isForSpreadsheets });
  }

  /**
   * The next lines of that file.
   *
   * @param {number} from   the first query
   * @param {number} to     the one after the last
   */
  scoreLines(from, to) {
    return this.#call('scoreLines', { from, to });
  }

  /**
   * Checks the data set.
   * @param {EmbeddedImage[]} images   with or without an embedding
   */
  examine(images) {
    return this.#call('examine', { images });
  }

  /**
   * What a threshold does in the latest study; undefined before the first.
   * @param {number} threshold
   */
  atThreshold(threshold) {
    return this.#call('atThreshold', { threshold });
  }

  /**
   * @param {number} queryId
   * @param {EvaluationOptions} options
   * @param {number} top  how many ranks
   */
  rank(queryId, options, top) {
    return this.#call('rank', { queryId, options, top });
  }

  /**
   * The whole matrix, or some rows of it: a large one is better asked for in blocks.
   *
   * @param {number} [from]
   * @param {number} [to]  the row after the last
   * @returns {Promise<import('../types.js').SimilarityMatrix>}
   */
  similarity(from = 0, to = 2 ** 32 - 1) {
    return this.#call('similarity', { from, to });
  }

  /** Tries at once to start a worker that could not be started. */
  wake() {
    this.#pauses.end();
  }

  /**
   * A worker that has its package. As long as it cannot be started it is tried again, after growing pauses.
   *
   * @param {WorkerLost} [lost]   why there has to be another one
   * @returns {Promise<WorkerClient<Actions>>}
   */
  async #start(lost) {
    for (let failures = 0; ; failures += 1) {
      if (failures + this.#losses > 1) await this.#pauses.after(failures + this.#losses - 1);
      /** @type {WorkerClient<Actions>} */
      const worker = new WorkerClient(new URL('./worker.js', import.meta.url));
      try {
        await worker.call('start', undefined);
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

  /**
   * Asks the worker, and if it is lost meanwhile, its successor.
   *
   * @template {keyof Actions} K
   * @param {K} action
   * @param {import('../workers/messages.js').Args<Actions, K>} args
   * @param {(progress: import('../workers/messages.js').Step<Actions, K>) => void} [onProgress]
   * @returns {Promise<import('../workers/messages.js').Result<Actions, K>>}
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
