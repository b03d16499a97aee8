// @ts-check
/**
 * The models that are kept in the browser, and those on their way there. Dispatches `change`, and `complete` (detail
 * {id}) when one has arrived.
 *
 * @typedef {import('./source.js').Source} Source
 * @typedef {import('./download.js').Step} Step
 *
 * @typedef {object} KeptModel
 * @property {Source} source
 * @property {'partial' | 'active' | 'complete'} state
 * @property {number} stored           bytes
 * @property {number} bytes            when it is complete, 0 if that is not known yet
 * @property {Step | null} step        of a download under way
 * @property {number} bytesPerSecond   over the last seconds, 0 until known
 * @property {string} reason           why the download failed, '' if it did not
 * @property {string} sha256           of the stored weights, '' until complete
 * @property {number | null} cosine    of its embeddings to those with F32 weights, if it was stored again as F16
 */
import { WorkerClient } from '../messages.js';
import { CONFIGS, PREPROCESSOR } from './file-names.js';
import { markUsed } from './locks.js';
import { canStore, listFolders, openFolder, readFile, readRecord } from './storage.js';

const SPEED_MS = 5000;

export class ModelStore extends EventTarget {
  /** @type {Map<string, KeptModel>} */
  #models = new Map();
  /** @type {Set<string>} origins that were asked for files */
  hosts = new Set();
  /** @type {WorkerClient | null} */
  #worker = null;
  /** @type {WeakMap<Blob, Promise<string>>} */
  #hashes = new WeakMap();
  #release = () => {};

  /** In the order in which they were begun. */
  get models() {
    return [...this.#models.values()];
  }

  /** @param {string} id */
  get(id) {
    return this.#models.get(id) ?? null;
  }

  /** Reads what is there, also from earlier visits and other tabs. */
  async refresh() {
    if (!canStore) return;
    const folders = await listFolders();
    for (const { id, record, storedBytes } of folders) {
      if (!record || this.#models.get(id)?.state === 'active') continue;
      const { source, bytes, isComplete, sha256, cosine } = record;
      this.#set(id, { source, state: isComplete ? 'complete' : 'partial', stored: storedBytes, bytes, step: null, bytesPerSecond: 0, reason: this.get(id)?.reason ?? '', sha256, cosine });
    }
    const ids = folders.map(({ id }) => id);
    for (const [id, { state }] of this.#models) if (state !== 'active' && !ids.includes(id)) this.#models.delete(id);
    this.dispatchEvent(new Event('change'));
  }

  /**
   * Fetches a model, or goes on with one.
   * @param {Source} source
   */
  async fetch(source) {
    const { id } = source;
    if (this.get(id)?.state === 'active') return;
    this.#set(id, { source, state: 'active', stored: 0, bytes: 0, step: null, bytesPerSecond: 0, reason: '', sha256: '', cosine: null });
    this.dispatchEvent(new Event('change'));
    let reason = '';
    let isComplete = false;
    try {
      if (!canStore) throw new Error('This browser keeps no files for pages, so a model cannot be fetched; save its files and drop them here.');
      await navigator.storage.persist?.();
      const pace = new Pace();
      isComplete = await this.#call('download', { source }, (step) => this.#follow(id, step, pace));
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error);
    }
    const model = this.get(id);
    if (model) this.#set(id, { ...model, state: 'partial', step: null, reason });
    await this.refresh();
    if (isComplete) this.dispatchEvent(new CustomEvent('complete', { detail: { id } }));
  }

  /** What has arrived stays. @param {string} id */
  pause(id) {
    return this.#call('pause', { id });
  }

  /** @param {string} id */
  async remove(id) {
    if (await this.#change('remove', id)) this.#models.delete(id);
    await this.refresh();
  }

  /** Stores a complete model again as F16. @param {string} id */
  async halve(id) {
    const model = this.get(id);
    if (model?.state !== 'complete') return;
    const step = { stage: /** @type {const} */ ('halving'), done: 0, total: 0, trouble: '', hosts: [] };
    this.#set(id, { ...model, state: 'active', step, reason: '' });
    this.dispatchEvent(new Event('change'));
    await this.#change('halve', id);
    const changed = this.get(id);
    if (changed) this.#set(id, { ...changed, state: 'complete', step: null });
    await this.refresh();
  }

  /**
   * The files of a complete model, to be loaded. Until another one is asked for, no tab can delete it.
   *
   * @param {string} id
   * @returns {Promise<import('../types.js').ModelFiles>}
   */
  async files(id) {
    const folder = await openFolder(id);
    const record = await readRecord(folder);
    const weights = record && (await readFile(folder, record.file));
    if (!record?.isComplete || !weights) throw new Error('It is not complete in the storage; fetch it again.');
    if (weights.size !== record.bytes) throw new Error(`Its weights have ${weights.size} bytes in the storage instead of ${record.bytes}; delete it and fetch it again.`);
    this.release();
    this.#release = markUsed(id);
    const [config, preprocessor] = await Promise.all([readFile(folder, CONFIGS[0]), readFile(folder, PREPROCESSOR)]);
    return { weights, config, preprocessor, choices: null, name: record.source.name, licence: record.source.licence, isBundled: false };
  }

  /**
   * SHA-256 of a weight file, wherever it comes from; computed once.
   * @param {Blob} weights
   */
  hash(weights) {
    const known = this.#hashes.get(weights) ?? this.#call('hash', { file: weights });
    this.#hashes.set(weights, known);
    return known;
  }

  /** Another model is in use. */
  release() {
    this.#release();
    this.#release = () => {};
  }

  /**
   * @param {string} id
   * @param {Step} step
   * @param {Pace} pace
   */
  #follow(id, step, pace) {
    const model = this.get(id);
    if (!model) return;
    for (const host of step.hosts) this.hosts.add(host);
    const bytesPerSecond = step.stage === 'fetching' ? pace.at(step.done) : 0;
    const stored = step.stage === 'checking' ? step.total : step.done;
    this.#set(id, { ...model, step, stored, bytes: step.total, bytesPerSecond });
    this.dispatchEvent(new Event('change'));
  }

  /**
   * @param {string} id
   * @param {KeptModel} model
   */
  #set(id, model) {
    this.#models.set(id, model);
  }

  /**
   * Whether the worker did it; else the reason is told with the model.
   *
   * @param {'remove' | 'halve'} action
   * @param {string} id
   */
  async #change(action, id) {
    try {
      await this.#call(action, { id });
      return true;
    } catch (error) {
      const model = this.get(id);
      if (model) this.#set(id, { ...model, reason: error instanceof Error ? error.message : String(error) });
      return false;
    }
  }

  /**
   * @param {string} action
   * @param {any} args
   * @param {(progress: any) => void} [onProgress]
   */
  #call(action, args, onProgress) {
    this.#worker ??= this.#start();
    return this.#worker.call(action, args, { onProgress });
  }

  #start() {
    const worker = new WorkerClient(new URL('./worker.js', import.meta.url), { mayConnect: true });
    worker.onLost = () => {
      this.#worker = null;
    };
    return worker;
  }
}

/** Bytes a second over the last few. */
class Pace {
  /** @type {{time: number, done: number}[]} */
  #marks = [];

  /** @param {number} done  bytes until now */
  at(done) {
    const time = performance.now();
    this.#marks = [...this.#marks.filter((mark) => time - mark.time < SPEED_MS), { time, done }];
    const first = this.#marks[0];
    return time > first.time ? ((done - first.done) / (time - first.time)) * 1000 : 0;
  }
}
