// @ts-check
/**
 * The worker that matches, kept alive: when it is lost, an empty one takes its place, and calls that were under way are
 * made again.
 *
 * @typedef {import('./worker.js').MatchingActions} Actions
 */
import { messageOf } from '../events.js';
import { Pauses } from '../scheduling/pauses.js';
import { WorkerClient, WorkerLost } from '../workers/messages.js';

/** How often a call is made in all when the worker is lost. */
const MOST_CALLS = 3;
/** Starts may fail this often before that is reported. */
const QUIET_FAILURES = 2;

export class KeptWorker {
  /** Called when the worker was lost and an empty one has taken its place. @type {(error: WorkerLost) => void} */
  onReplaced = () => {};
  /** Called when the worker cannot be started for a while; it is retried. @type {(reason: string) => void} */
  onTrouble = () => {};
  /** In a row. */
  #losses = 0;
  #pauses = new Pauses();
  #worker = this.#start();

  /**
   * Asks the worker, and if it is lost meanwhile, its successor.
   *
   * @template {keyof Actions} K
   * @param {K} action
   * @param {import('../workers/messages.js').Args<Actions, K>} args
   * @param {(progress: import('../workers/messages.js').Step<Actions, K>) => void} [onProgress]
   * @returns {Promise<import('../workers/messages.js').Result<Actions, K>>}
   */
  async call(action, args, onProgress) {
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
}
