// @ts-check
/**
 * A pool of workers that take one or a few jobs at a time. A worker that is lost is replaced, and its job is given
 * to another worker once. While no worker can be made the jobs wait, and the pool tries again after growing pauses.
 *
 * @typedef {import('./messages.js').Actions} Actions
 */
import { Pauses } from '../scheduling/pauses.js';
import { WorkerLost } from './messages.js';
import { Temporary } from './temporary.js';

/** Attempts to make another worker; then the others continue without it. */
const MOST_FAILURES = 3;

/**
 * @template {Actions} A
 * @typedef {import('./messages.js').WorkerClient<A>} Client
 */
/**
 * @template {Actions} A
 * @typedef {{job: (client: Client<A>) => Promise<unknown>, resolve: (result: unknown) => void,
 *   reject: (error: unknown) => void, retried: boolean}} Task
 */

/** @template {Actions} A  of its workers */
export class Pool {
  /** Makes a worker that is ready for jobs. @type {() => Promise<Client<A>>} */
  create;
  /** Called when a worker is lost, before it is replaced. @type {(error: WorkerLost) => void} */
  onLost = () => {};
  /**
   * Called with the reason when there is no worker left and none can be made, and with null when there is one again.
   * @type {(cause: unknown) => void}
   */
  onTrouble = () => {};
  /** Jobs that each worker has at the same time. */
  jobsAtOnce = 1;
  /** @type {Set<Client<A>>} */
  #clients = new Set();
  /** @type {Client<A>[]} */
  #idle = [];
  /** @type {Task<A>[]} */
  #queue = [];
  /** How many workers there should be. */
  #wanted = 0;
  /** Workers being made, until they are there or have failed once. */
  #underWay = 0;
  /** Workers being made that have failed. */
  #failing = 0;
  #pauses = new Pauses();
  /** @type {Set<Client<A>>} */
  #retiring = new Set();
  #isInTrouble = false;
  /** @type {Task<A>[]} what was lost with workers that are being replaced */
  #lost = [];
  /** Why there will be no more workers. @type {unknown} */
  #ended = null;

  /** @param {() => Promise<Client<A>>} create */
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
    this.#wanted = Math.max(this.#wanted, size);
  }

  /**
   * Adds workers until there are `size`, and from then on keeps that many.
   *
   * @param {number} size
   * @returns {Promise<void>}  until all are there, or the others continue without those that are missing
   */
  async keep(size) {
    this.#wanted = size;
    const missing = size - this.size - this.#underWay - this.#failing;
    await Promise.all(Array.from({ length: Math.max(0, missing) }, () => this.#make()));
  }

  /** Ends the pauses: what waits is tried at once. */
  wake() {
    this.#pauses.end();
    this.keep(this.#wanted);
  }

  /**
   * Ends a worker once it has nothing to do and another one has taken its place: a worker never gives memory back.
   * @param {Client<A>} client
   */
  async retire(client) {
    if (this.#retiring.has(client)) return;
    this.#retiring.add(client);
    const isReplaced = await this.#attempt();
    this.#retiring.delete(client);
    if (!isReplaced) return;
    const isIdle = this.#idle.includes(client);
    this.#remove(client);
    if (isIdle) client.terminate();
  }

  /**
   * Runs a job on the next free worker.
   *
   * @template R
   * @param {(client: Client<A>) => Promise<R>} job  may be run twice
   * @param {AbortSignal} [signal]  takes the job out of the queue; a job that has begun is only forgotten
   * @returns {Promise<R>}
   */
  run(job, signal) {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#ended);
      if (signal?.aborted) return reject(signal.reason);
      /** @type {Task<A>} */
      const task = { job, resolve: () => {}, reject, retried: false };
      const abort = () => {
        this.#queue = this.#queue.filter((queued) => queued !== task);
        this.#lost = this.#lost.filter((lost) => lost !== task);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
      const settled = () => signal?.removeEventListener('abort', abort);
      task.resolve = (result) => (settled(), resolve(/** @type {R} */ (result)));
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
    this.#pauses.end();
  }

  #next() {
    for (;;) {
      const client = this.#queue.length > 0 ? this.#idle.pop() : undefined;
      if (!client) return;
      this.#work(client, /** @type {Task<A>} */ (this.#queue.shift()));
    }
  }

  /**
   * @param {Client<A>} client
   * @param {Task<A>} task
   */
  async #work(client, task) {
    try {
      task.resolve(await task.job(client));
    } catch (error) {
      if (error instanceof WorkerLost) return this.#retry(task, error);
      task.reject(error);
    }
    if (!this.#clients.has(client)) return client.terminate();
    this.#idle.push(client);
    this.#next();
  }

  /**
   * Waits for the replacement: what ended one worker may have ended the idle ones too, and they do not know yet.
   *
   * @param {Task<A>} task
   * @param {WorkerLost} error
   */
  #retry(task, error) {
    if (this.#ended) return task.reject(this.#ended);
    if (task.retried) return task.reject(new Temporary(`two workers were lost while working on it: ${error.message}`));
    task.retried = true;
    this.#lost.push(task);
    if (this.#underWay === 0) this.#takeUpLost();
  }

  #takeUpLost() {
    this.#queue.unshift(...this.#lost.splice(0));
    this.#next();
  }

  /** @param {Client<A>} client */
  #add(client) {
    if (this.#ended) return client.terminate();
    client.onLost = (error) => this.#replace(client, error);
    this.#clients.add(client);
    this.#tell(null);
    for (let job = 0; job < this.jobsAtOnce; job += 1) this.#idle.push(client);
    this.#next();
  }

  /**
   * @param {Client<A>} client
   * @param {WorkerLost} error
   */
  #replace(client, error) {
    const wasHere = this.#remove(client);
    this.onLost(error);
    if (wasHere) this.#make();
  }

  /** @param {Client<A>} client  gets no more jobs */
  #remove(client) {
    this.#idle = this.#idle.filter((idle) => idle !== client);
    return this.#clients.delete(client);
  }

  async #make() {
    this.#underWay += 1;
    const isThere = await this.#attempt();
    this.#underWay -= 1;
    this.#takeUpLost();
    if (!isThere) await this.#makeLater();
  }

  /** Tries again: as often as it takes while there is no other worker, else a few times. */
  async #makeLater() {
    this.#failing += 1;
    let failuresBeside = 1;
    for (let failures = 1; !this.#ended && failuresBeside < MOST_FAILURES; failures += 1) {
      await this.#pauses.after(failures);
      if (this.#ended || (await this.#attempt())) break;
      failuresBeside = this.size === 0 ? 0 : failuresBeside + 1;
    }
    this.#failing -= 1;
  }

  /** @returns {Promise<boolean>}  whether a worker could be made */
  async #attempt() {
    try {
      this.#add(await this.create());
      return true;
    } catch (cause) {
      if (this.size === 0) this.#tell(cause);
      return false;
    }
  }

  /** @param {unknown} cause   of trouble; null once it is over */
  #tell(cause) {
    if (this.#ended || (cause === null && !this.#isInTrouble)) return;
    this.#isInTrouble = cause !== null;
    this.onTrouble(cause);
    if (cause === null) this.#pauses.end();
  }

  /** @param {unknown} error */
  #end(error) {
    this.#ended = error;
    const waiting = [...this.#lost.splice(0), ...this.#queue.splice(0)];
    for (const { reject } of waiting) reject(error);
  }
}
