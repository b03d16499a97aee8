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
import { WorkerClient } from '../messages.js';

export class MatchingClient {
  #worker = new WorkerClient(new URL('./worker.js', import.meta.url));

  /**
   * @param {string[]} paths
   * @returns {Promise<(Label & {skip: string | null})[]>}  skip: why it is no image
   */
  describe(paths) {
    return this.#worker.call('describe', { paths });
  }

  /**
   * @param {Label[]} labels
   * @returns {Promise<RunPair[]>}
   */
  runs(labels) {
    return this.#worker.call('runs', { labels });
  }

  /**
   * @param {SetName} set
   * @param {number} id
   * @param {Float32Array} embedding  given away
   * @returns {Promise<void>}
   */
  add(set, id, embedding) {
    return this.#worker.call('add', { set, id, embedding }, { transfer: [embedding.buffer] });
  }

  /**
   * @param {SetName} set
   * @param {number} id
   * @returns {Promise<void>}
   */
  remove(set, id) {
    return this.#worker.call('remove', { set, id });
  }

  /**
   * Forgets all embeddings.
   * @returns {Promise<void>}
   */
  reset() {
    return this.#worker.call('reset');
  }

  /**
   * @param {LabelledId[]} labels
   * @param {EvaluationOptions} options
   * @returns {Promise<Evaluation>}
   */
  evaluate(labels, options) {
    return this.#worker.call('evaluate', { labels, options });
  }

  /**
   * @param {number} queryId
   * @param {LabelledId[]} labels
   * @param {EvaluationOptions} options
   * @param {number} top  how many ranks
   * @returns {Promise<RankEntry[]>}
   */
  rank(queryId, labels, options, top) {
    return this.#worker.call('rank', { queryId, labels, options, top });
  }

  /** @returns {Promise<SimilarityMatrix>} */
  similarity() {
    return this.#worker.call('similarity');
  }
}
