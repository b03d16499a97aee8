// @ts-check
/**
 * The models that are stored in the browser, and those on their way there. Dispatches `change`, and `complete` (detail
 * {id}) when one has arrived.
 *
 * @typedef {import('./source.js').Source} Source
 * @typedef {import('./worker.js').ModelActions} Actions
 * @typedef {import('./storage/stored-files.js').OnProgress} OnProgress
 * @typedef {import('./download/download.js').Step} Step
 *
 * @typedef {object} KeptModel
 * @property {Source} source
 * @property {'partial' | 'active' | 'elsewhere' | 'complete'} state   elsewhere: another tab downloads or changes it
 * @property {number} stored           bytes
 * @property {number} bytes            when it is complete, 0 if that is not known yet
 * @property {Step | null} step        of a download under way
 * @property {number} bytesPerSecond   over the last seconds, 0 until known
 * @property {string} reason           why the download failed, '' if it did not
 * @property {string} sha256           of the stored weights, '' until complete
 * @property {string} [towerSha256]   of the weights as they were downloaded
 * @property {number | null} cosine    of its embeddings to those with F32 weights, if it was stored again as F16
 */
import { emit, messageOf } from '../events.js';
import { WorkerClient } from '../workers/messages.js';
import { TransferSpeed } from './download/speed.js';
import { listFolders } from './storage/folders.js';
import { whenFree, written } from './storage/locks.js';
import { StoredFiles } from './storage/stored-files.js';
import { Tabs } from './storage/tabs.js';

/** @type {Omit<KeptModel, 'source' | 'state'>} */
const NOTHING = { stored: 0, bytes: 0, step: null, bytesPerSecond: 0, reason: '', sha256: '', cosine: null };

export class ModelStore extends EventTarget {
  /** Why no model can be stored here; '' if it can, or as long as nobody asked. */
  trouble = '';
  /** Whether it is known what is stored. */
  isRead = false;
  /** @type {Map<string, KeptModel>} */
  #models = new Map();
  /** @type {Set<string>} origins that were asked for files */
  hosts = new Set();
  #stored = new StoredFiles((file, onProgress) => this.#call('hash', { file }, onProgress));
  /** @type {WorkerClient<Actions> | null} */
  #worker = null;
  /** @type {Promise<void> | null} */
  #begun = null;
  #tabs = new Tabs(
    (source, step) => this.#followOther(source, step),
    () => this.#begun && this.refresh(),
  );

  /** In the order in which they were begun. */
  get models() {
    return [...this.#models.values()];
  }

  /** @param {string} id */
  get(id) {
    return this.#models.get(id) ?? null;
  }

  /** Reads what is stored, also by earlier visits and other tabs. */
  async refresh() {
    await this.#begin();
    if (!this.trouble) await this.#read().catch((error) => this.#setTrouble(error));
    this.isRead = true;
    emit(this, 'change');
  }

  /**
   * Downloads a model, or resumes a download.
   * @param {Source} source
   */
  async fetch(source) {
    const { id } = source;
    if (this.get(id)?.state === 'active') return;
    this.#models.set(id, { ...NOTHING, source, state: 'active' });
    emit(this, 'change');
    let reason = '';
    let isComplete = false;
    try {
      await this.#begin();
      if (this.trouble) throw new Error(`${this.trouble} Download the model’s files yourself and drop them here.`);
      // Some browsers ask the person first and answer only then.
      navigator.storage.persist?.().catch(() => {});
      const speed = new TransferSpeed();
      isComplete = await this.#call('download', { source }, (step) => this.#follow(id, step, speed));
    } catch (error) {
      reason = messageOf(error);
    }
    this.#change(id, { state: 'partial', step: null, reason });
    this.#tabs.tell();
    await this.refresh();
    if (isComplete) emit(this, 'complete', { id });
  }

  /** What has arrived stays. @param {string} id */
  pause(id) {
    return this.#call('pause', { id });
  }

  /** @param {string} id */
  async remove(id) {
    if (await this.#do('remove', id)) this.#models.delete(id);
    this.#tabs.tell();
    await this.refresh();
  }

  /** Stores a complete model again as F16. @param {string} id */
  async halve(id) {
    if (this.get(id)?.state !== 'complete') return;
    const step = { stage: /** @type {const} */ ('halving'), done: 0, total: 0, trouble: '', hosts: [] };
    this.#change(id, { state: 'active', step, reason: '' });
    emit(this, 'change');
    await this.#do('halve', id);
    this.#change(id, { state: 'complete', step: null });
    this.#tabs.tell();
    await this.refresh();
  }

  /**
   * The files of a complete model, to be loaded. Until another one is asked for, no tab can delete it.
   *
   * @param {string} id
   * @param {OnProgress} onProgress  while the weights are compared with their SHA-256
   */
  files(id, onProgress) {
    return this.#stored.files(id, onProgress);
  }

  /**
   * SHA-256 of a weight file, wherever it comes from; computed once.
   *
   * @param {Blob} weights
   * @param {OnProgress} [onProgress]
   */
  hash(weights, onProgress) {
    return this.#stored.hash(weights, onProgress);
  }

  /** Finds out whether models can be stored here, and removes what a crash has left; once per visit, until it can. */
  #begin() {
    this.#begun ??= this.#call('begin', undefined)
      .then((trouble) => {
        this.trouble = trouble;
      })
      .catch((error) => this.#setTrouble(error))
      .finally(() => {
        if (this.trouble) this.#begun = null;
      });
    return this.#begun;
  }

  /** @param {unknown} error */
  #setTrouble(error) {
    this.trouble = `The browser’s storage cannot be read (${messageOf(error)}).`;
  }

  async #read() {
    const [folders, busy] = [await listFolders(), await written()];
    for (const { id, record, storedBytes } of folders) {
      const known = this.get(id);
      if (!record || known?.state === 'active') continue;
      const { source, bytes, isComplete, sha256, towerSha256, cosine } = record;
      const state = busy.has(id) ? 'elsewhere' : isComplete ? 'complete' : 'partial';
      if (state === 'elsewhere' && known?.state !== 'elsewhere') whenFree(id).then(() => this.refresh());
      const step = state === 'elsewhere' ? (known?.step ?? null) : null;
      this.#models.set(id, {
        ...NOTHING,
        source,
        state,
        stored: storedBytes,
        bytes,
        step,
        reason: known?.reason ?? '',
        sha256,
        towerSha256,
        cosine,
      });
    }
    const ids = folders.map(({ id }) => id);
    for (const [id, { state, reason }] of this.#models) {
      if (state !== 'active' && !reason && !ids.includes(id) && !busy.has(id)) this.#models.delete(id);
    }
  }

  /**
   * @param {string} id
   * @param {Step} step
   * @param {TransferSpeed} speed
   */
  #follow(id, step, speed) {
    const model = this.get(id);
    if (!model) return;
    for (const host of step.hosts) this.hosts.add(host);
    if (step.stage !== 'waiting') this.#tabs.tell(model.source, step);
    const bytesPerSecond = step.stage === 'fetching' ? speed.at(step.done) : 0;
    this.#change(id, { step, stored: storedAt(step), bytes: step.total, bytesPerSecond });
    emit(this, 'change');
  }

  /**
   * Another tab downloads a model.
   * @param {Source} source
   * @param {Step} step
   */
  #followOther(source, step) {
    const { id } = source;
    const known = this.get(id);
    if (known?.state === 'active') return;
    if (known?.state !== 'elsewhere') whenFree(id).then(() => this.refresh());
    this.#models.set(id, { ...NOTHING, source, state: 'elsewhere', step, stored: storedAt(step), bytes: step.total });
    emit(this, 'change');
  }

  /**
   * @param {string} id
   * @param {Partial<KeptModel>} patch
   */
  #change(id, patch) {
    const model = this.get(id);
    if (model) this.#models.set(id, { ...model, ...patch });
  }

  /**
   * Whether the worker did it; if not, the model says why.
   *
   * @param {'remove' | 'halve'} action
   * @param {string} id
   */
  async #do(action, id) {
    try {
      await this.#call(action, { id });
      return true;
    } catch (error) {
      this.#change(id, { reason: messageOf(error) });
      return false;
    }
  }

  /**
   * @template {keyof Actions} K
   * @param {K} action
   * @param {import('../workers/messages.js').Args<Actions, K>} args
   * @param {(progress: import('../workers/messages.js').Step<Actions, K>) => void} [onProgress]
   */
  #call(action, args, onProgress) {
    this.#worker ??= this.#start();
    return this.#worker.call(action, args, { onProgress });
  }

  #start() {
    /** @type {WorkerClient<Actions>} */
    const worker = new WorkerClient(new URL('./worker.js', import.meta.url), { mayConnect: true });
    worker.onLost = () => {
      this.#worker = null;
    };
    return worker;
  }
}

/** Bytes that are stored at a step of a download. @param {Step} step */
function storedAt({ stage, done, total }) {
  return stage === 'checking' ? total : done;
}
