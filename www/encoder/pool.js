// @ts-check
/**
 * A pool of workers that take one or a few jobs at a time. A worker that is lost is replaced, and its job is given
 * to another worker once.
 *
 * @typedef {import('../messages.js').WorkerClient} WorkerClient
 * @typedef {(client: WorkerClient) => Promise<any>} Job
 * @typedef {{job: Job, resolve: (result: any) => void, reject: (error: unknown) => void, retried: boolean}} Task
 */
import { WorkerLost } from '../messages.js';

/** So often in a row a replacement may fail before the pool gives up. */
const MOST_FAILURES = 3;

export class Pool {
  /** Makes a worker that is ready for jobs. @type {() => Promise<WorkerClient>} */
  create;
  /** Called when a worker is lost, before it is replaced. @type {(error: WorkerLost) => void} */
  onLost = () => {};
  /** Jobs that each worker has at the same time. */
  jobsAtOnce = 1;
  /** @type {Set<WorkerClient>} */
  #clients = new Set();
  /** @type {WorkerClient[]} */
  #idle = [];
  /** @type {Task[]} */
  #queue = [];
  #failures = 0;
  /** Workers being made in the place of lost ones. */
  #replacements = 0;
  /** @type {Task[]} what was lost with them */
  #lost = [];
  /** Why there will be no more workers. @type {unknown} */
  #ended = null;

  /** @param {() => Promise<WorkerClient>} create */
  constructor(create) {
    this.create = create;
  }

  /** Workers that are ready or busy. */
  get size() {
    return this.#clients.size;
  }

  /**
   * Adds workers until there are `size`. Rejects if one cannot be made.
   *
   * @param {number} size
   */
  async grow(size) {
    const missing = Math.max(0, size - this.size);
    await Promise.all(Array.from({ length: missing }, async () => this.#add(await this.create())));
  }

  /**
   * Runs a job on the next free worker.
   *
   * @param {Job} job  may be run twice
   * @param {AbortSignal} [signal]  takes the job out of the queue; a job that has begun is only forgotten
   * @returns {Promise<any>}
   */
  run(job, signal) {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      if (signal?.aborted) return reject(signal.reason);
      /** @type {Task} */
      const task = { job, resolve, reject, retried: false };
      const abort = () => {
        this.#queue = this.#queue.filter((queued) => queued !== task);
        this.#lost = this.#lost.filter((lost) => lost !== task);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      const settled = () => signal?.removeEventListener('abort', abort);
      task.resolve = (result) => (settled(), resolve(result));
      task.reject = (error) => (settled(), reject(error));
      this.#queue.push(task);
      this.#next();
    });
  }

  /** Ends all workers; what is queued or running is rejected. */
  stop() {
    this.#end(new Error('the workers were stopped'));
    for (const client of this.#clients) client.terminate();
    this.#clients.clear();
  }

  #next() {
    for (;;) {
      const client = this.#queue.length > 0 ? this.#idle.pop() : undefined;
      if (!client) return;
      this.#work(client, /** @type {Task} */ (this.#queue.shift()));
    }
  }

  /**
   * @param {WorkerClient} client
   * @param {Task} task
   */
  async #work(client, task) {
    try {
      task.resolve(await task.job(client));
    } catch (error) {
      if (error instanceof WorkerLost) return this.#retry(task, error);
      task.reject(error);
    }
    this.#idle.push(client);
    this.#next();
  }

  /**
   * Waits for the replacement: what ended one worker may have ended the idle ones too, and they do not know yet.
   *
   * @param {Task} task
   * @param {WorkerLost} error
   */
  #retry(task, error) {
    if (this.#ended) return task.reject(this.#ended);
    if (task.retried) return task.reject(new Error(`two workers were lost on it: ${error.message}`));
    task.retried = true;
    this.#lost.push(task);
    if (this.#replacements === 0) this.#takeUpLost();
  }

  #takeUpLost() {
    this.#queue.unshift(...this.#lost.splice(0));
    this.#next();
  }

  /** @param {WorkerClient} client */
  #add(client) {
    if (this.#ended) return client.terminate();
    client.onLost = (error) => this.#replace(client, error);
    this.#failures = 0;
    this.#clients.add(client);
    for (let job = 0; job < this.jobsAtOnce; job += 1) this.#idle.push(client);
    this.#next();
  }

  /**
   * @param {WorkerClient} client
   * @param {WorkerLost} error
   */
  async #replace(client, error) {
    this.#clients.delete(client);
    this.#idle = this.#idle.filter((idle) => idle !== client);
    this.onLost(error);
    this.#replacements += 1;
    await this.#createAgain();
    this.#replacements -= 1;
    this.#takeUpLost();
  }

  async #createAgain() {
    while (!this.#ended) {
      try {
        return this.#add(await this.create());
      } catch (cause) {
        this.#failures += 1;
        if (this.#failures < MOST_FAILURES) continue;
        if (this.size === 0) this.#end(cause);
        return;
      }
    }
  }

  /** @param {unknown} error */
  #end(error) {
    this.#ended = error;
    const waiting = [...this.#lost.splice(0), ...this.#queue.splice(0)];
    for (const { reject } of waiting) reject(error);
  }
}
