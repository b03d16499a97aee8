// @ts-check
/**
 * Calls to a worker as promises.
 *
 * Page to worker: `{id, action, args}`. Worker to page: `{id, result}`, `{id, error}`, `{id, progress}`,
 * `{alive}` once its script runs, `{requested}` with the addresses that it asked servers for, or `{fatal}` when it
 * cannot go on. Nothing is left pending when a worker is lost. A browser does not tell when it ends a worker, so the
 * worker holds a Web Lock of its own name: whoever gets that lock knows that the worker is gone.
 *
 * @typedef {{id: number, action: string, args: any}} Request
 * @typedef {{id: number, result?: any, error?: string, progress?: any, alive?: true, requested?: string[], fatal?: string}} Reply
 * @typedef {Record<string, (args: any, onProgress: (progress: any) => void) => any>} Actions
 * @typedef {{resolve: (result: any) => void, reject: (error: Error) => void,
 *   onProgress?: (progress: any) => void}} Pending
 */
import { messageOf } from '../events.js';
import { requests, watchRequests } from './requests.js';
import { startSealedWorker } from './sealed-worker.js';

/** Milliseconds until a worker has announced itself, for which it needs nothing from the network. */
const MOST_START_MS = 30_000;

/** The worker behind a call is gone; the call may be made again on another one. */
export class WorkerLost extends Error {}

/** Thrown inside a worker: this worker cannot go on, another one may. */
export class Fatal extends Error {}

/** A worker seen from the page. */
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
  #timer = 0;

  /**
   * @param {URL} module  that calls `serve`
   * @param {{mayConnect?: boolean}} [options]  `mayConnect`: to other addresses than the page's; then it must get no image
   */
  constructor(module, { mayConnect = false } = {}) {
    const worker = mayConnect ? new Worker(module, { type: 'module', name: this.#name }) : startSealedWorker(module, this.#name);
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
   * @param {string} action
   * @param {any} [args]
   * @param {{transfer?: Transferable[], onProgress?: (progress: any) => void}} [options]
   * @returns {Promise<any>}
   */
  call(action, args, { transfer = [], onProgress } = {}) {
    if (this.#gone) return Promise.reject(new WorkerLost('the worker is gone'));
    const id = this.#nextId++;
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, onProgress });
      this.#worker.postMessage({ id, action, args }, transfer);
    });
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
    else pending?.reject(new Error(error));
  }

  #watchOver() {
    this.#isAlive = true;
    clearTimeout(this.#timer);
    const lost = () => this.#lose('it ended without a word; memory may have run out');
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

/** A result together with the buffers that move to the page instead of being copied. */
export class Transferred {
  /**
   * @param {any} result
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
  self.onmessage = async ({ data: { id, action, args } }) => {
    /** @param {any} progress */
    const onProgress = (progress) => self.postMessage({ id, progress });
    try {
      const answer = await actions[action](args, onProgress);
      if (answer instanceof Transferred) self.postMessage({ id, result: answer.result }, { transfer: answer.buffers });
      else self.postMessage({ id, result: answer });
    } catch (error) {
      const message = messageOf(error);
      const isFatal = error instanceof Fatal || error instanceof WebAssembly.RuntimeError;
      if (isFatal) self.postMessage({ id, fatal: message });
      else self.postMessage({ id, error: message });
    }
  };
}
