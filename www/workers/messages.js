// @ts-check
/**
 * Calls to a worker as promises.
 *
 * A worker hands its actions to `serve`; the page makes a `WorkerClient` of the same actions, so that what is asked and
 * what is answered is checked on both sides.
 *
 * Page to worker: `{id, action, args}`. Worker to page: `{id, result}`, `{id, error}`, `{id, progress}`,
 * `{alive}` once its script runs, `{requested}` with the addresses that it asked servers for, or `{fatal}` when it
 * cannot go on. An error crosses as `{kind, message}`; its kind is the error's name. Nothing is left pending when a
 * worker is lost. A browser does not report that it has ended a worker, so the worker holds a Web Lock of its own name:
 * whoever gets that lock knows that the worker is gone.
 *
 * @typedef {{kind: string, message: string}} Failure
 * @typedef {{id: number, action: string, args: unknown}} Request
 * @typedef {{id: number, result?: unknown, error?: Failure, progress?: unknown, alive?: true, requested?: string[],
 *   fatal?: string}} Reply
 * @typedef {Record<string, (args: never, onProgress: never) => unknown>} Actions
 * @typedef {{resolve: (result: unknown) => void, reject: (error: Error) => void,
 *   onProgress?: (progress: unknown) => void}} Pending
 */
import { messageOf } from '../events.js';
import { requests, watchRequests } from './requests.js';
import { startSealedWorker } from './sealed-worker.js';

/**
 * @template {Actions} A
 * @template {keyof A} K
 * @typedef {Parameters<A[K]>[0]} Args   what an action is called with
 */
/**
 * @template {Actions} A
 * @template {keyof A} K
 * @typedef {Unwrapped<Awaited<ReturnType<A[K]>>>} Result   what an action answers
 */
/**
 * @template T
 * @typedef {T extends Transferred<infer Result> ? Result : T} Unwrapped
 */
/**
 * @template {Actions} A
 * @template {keyof A} K
 * @typedef {Parameters<A[K]>[1] extends (progress: infer P) => void ? P : never}
 *   Step   how far an action says that it is
 */
/**
 * @template {Actions} A
 * @template {keyof A} K
 * @typedef {{transfer?: Transferable[], onProgress?: (progress: Step<A, K>) => void}} CallOptions
 */

/** Milliseconds until a worker has announced itself, for which it needs nothing from the network. */
const MOST_START_MS = 30_000;

/** The worker behind a call is gone; the call may be made again on another one. */
export class WorkerLost extends Error {}

/** Thrown inside a worker: this worker cannot go on, another one may. */
export class Fatal extends Error {}

/**
 * A worker seen from the page.
 * @template {Actions} A
 */
export class WorkerClient {
  /** Called once when the worker is lost; not after `terminate`. @type {(error: WorkerLost) => void} */
  onLost = () => {};
  /** @type {Map<number, Pending>} */
  #pending = new Map();
  #worker;
  #name = crypto.randomUUID();
  #watch = new AbortController();
  #nextId = 1;
  #gone = false;
  #isAlive = false;
  /** @type {ReturnType<typeof setTimeout> | number} */
  #timer = 0;

  /**
   * @param {URL} module  that calls `serve` with the actions
   * @param {{mayConnect?: boolean}}
   *   [options]  `mayConnect`: to other addresses than the page's; then it must get no image
   */
  constructor(module, { mayConnect = false } = {}) {
    const name = this.#name;
    const worker = mayConnect ? new Worker(module, { type: 'module', name }) : startSealedWorker(module, name);
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#lose(this.#isAlive && event.message ? event.message : 'its script could not be loaded');
    };
    worker.onmessageerror = () => this.#lose('a message could not be read');
    if (!mayConnect) this.#timer = setTimeout(() => this.#lose('it did not start'), MOST_START_MS);
  }

  /**
   * @template {keyof A & string} K
   * @param {K} action
   * @param {Args<A, K>} args
   * @param {CallOptions<A, K>} [options]
   * @returns {Promise<Result<A, K>>}
   */
  call(action, args, { transfer = [], onProgress } = {}) {
    if (this.#gone) return Promise.reject(new WorkerLost('the worker is gone'));
    const id = this.#nextId++;
    /** @type {Promise<unknown>} */
    const answer = new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress: /** @type {Pending['onProgress']} */ (onProgress) });
      this.#worker.postMessage({ id, action, args }, transfer);
    });
    return /** @type {Promise<Result<A, K>>} */ (answer);
  }

  /** Ends the worker; what is pending is rejected. */
  terminate() {
    this.onLost = () => {};
    this.#lose('it was stopped');
  }

  /** @param {Reply} reply */
  #receive({ id, result, error, progress, alive, requested, fatal }) {
    if (alive) return this.#watchOver();
    if (requested) return requests.add(requested);
    if (fatal !== undefined) return this.#lose(fatal);
    const pending = this.#pending.get(id);
    if (progress !== undefined) return pending?.onProgress?.(progress);
    this.#pending.delete(id);
    if (error === undefined) pending?.resolve(result);
    else pending?.reject(errorOf(error));
  }

  #watchOver() {
    this.#isAlive = true;
    clearTimeout(this.#timer);
    const lost = () => this.#lose('it stopped unexpectedly, perhaps because memory ran out');
    // Rejected only by the abort in `#lose`.
    navigator.locks?.request(this.#name, { signal: this.#watch.signal }, lost).catch(() => {});
  }

  /** @param {string} reason */
  #lose(reason) {
    if (this.#gone) return;
    this.#gone = true;
    clearTimeout(this.#timer);
    this.#watch.abort();
    this.#worker.terminate();
    const error = new WorkerLost(reason);
    for (const { reject } of this.#pending.values()) reject(error);
    this.#pending.clear();
    this.onLost(error);
  }
}

/**
 * A result together with the buffers that move to the page instead of being copied.
 * @template T
 */
export class Transferred {
  /**
   * @param {T} result
   * @param {Transferable[]} buffers
   */
  constructor(result, buffers) {
    this.result = result;
    this.buffers = buffers;
  }
}

/**
 * Answers calls inside a worker.
 *
 * A trap of the WebAssembly instance (a panic, memory exhausted) leaves it in an unknown state, so it ends
 * the worker instead of being answered.
 *
 * @param {Actions} actions
 */
export function serve(actions) {
  const announce = () => self.postMessage({ alive: true });
  if (!navigator.locks) announce();
  else navigator.locks.request(self.name, { ifAvailable: true }, (lock) => lock && (announce(), new Promise(() => {})));
  watchRequests((requested) => self.postMessage({ requested }));
  const byName = /** @type {Record<string, (args: unknown, onProgress: (progress: unknown) => void) => unknown>} */ (
    actions
  );
  self.onmessage = async ({ data }) => {
    const { id, action, args } = /** @type {Request} */ (data);
    try {
      const answer = await byName[action](args, (progress) => self.postMessage({ id, progress }));
      if (answer instanceof Transferred) self.postMessage({ id, result: answer.result }, { transfer: answer.buffers });
      else self.postMessage({ id, result: answer });
    } catch (error) {
      if (isFatal(error)) self.postMessage({ id, fatal: messageOf(error) });
      else self.postMessage({ id, error: failureOf(error) });
    }
  };
}

/** @param {unknown} error */
function isFatal(error) {
  return error instanceof Fatal || error instanceof WebAssembly.RuntimeError;
}

/**
 * An error as it crosses the border.
 *
 * @param {unknown} error
 * @returns {Failure}
 */
function failureOf(error) {
  return { kind: error instanceof Error ? error.name : 'Error', message: messageOf(error) };
}

/** @param {Failure} failure */
function errorOf({ kind, message }) {
  const error = new Error(message);
  error.name = kind;
  return error;
}
