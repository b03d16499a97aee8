// @ts-check
/**
 * The model in use, and the one that is being loaded to take its place.
 *
 * Dispatches `change` when `state` changes, `device` when the device does, `used` when another model is in use, and
 * `failed` when one could not be loaded.
 *
 * @typedef {import('../model-types.js').DeviceInfo} DeviceInfo
 * @typedef {import('../model-types.js').ModelFiles} ModelFiles
 * @typedef {import('../model-types.js').ModelInfo} ModelInfo
 * @typedef {import('../model-types.js').ModelState} ModelState
 * @typedef {{done: number, total: number}} Read   bytes
 */
import { withFinding } from '../encoder/arithmetic.js';
import { emit, messageOf, on } from '../events.js';
import { BUNDLED_NAME, fetchBundled } from '../models/bundled.js';
import { corrected } from './corrections.js';

export class ModelSlot extends EventTarget {
  /** @type {ModelState} */
  state = { status: 'missing', info: null, name: '', progress: null, reason: '', storedId: null };
  /** @type {DeviceInfo | null} */
  device = null;
  #encoder;
  #embedder;
  #store;
  #loading = new AbortController();
  /** @type {ModelFiles | null} of the model in use */
  #files = null;

  /**
   * @param {import('../encoder/client.js').EncoderClient} encoder
   * @param {import('./embedding/embedder.js').Embedder} embedder
   * @param {import('../models/store.js').ModelStore} store
   */
  constructor(encoder, embedder, store) {
    super();
    this.#encoder = encoder;
    this.#embedder = embedder;
    this.#store = store;
    on(encoder, 'device', (device) => this.#setDevice(device));
    on(encoder, 'eight-bits-compared', ({ sentence }) => this.#showFinding(sentence));
  }

  /** Whether a model of the person's own is in use. */
  get isOwn() {
    return this.state.info !== null && !this.state.info.isBundled;
  }

  /** The weights of the model in use; null if there is none. */
  get weights() {
    return this.#files?.weights ?? null;
  }

  /** Without a model, loads the one that comes with the page. */
  loadBundled() {
    if (this.state.status === 'missing') this.#load(BUNDLED_NAME, fetchBundled);
  }

  /** @param {ModelFiles} files */
  load(files) {
    return this.#load(files.name, async () => files);
  }

  /** @param {string} id  of a model that is kept in the browser */
  loadStored(id) {
    const name = this.#store.get(id)?.source.name ?? id;
    return this.#load(name, (_, onProgress) => this.#store.files(id, onProgress), id);
  }

  /**
   * Loads the model in use once more, with another assumption about it.
   *
   * @param {string} field
   * @param {string} value
   */
  correct(field, value) {
    const files = this.#files;
    if (!files) return;
    const choices = corrected(files.choices, field, value);
    return this.#load(files.name, async () => ({ ...files, choices }), this.state.storedId);
  }

  /**
   * Loads the model in use once more in F32, because 8-bit weights are not good enough for these images.
   * @param {string} sentence  that says so
   */
  async leaveEightBits(sentence) {
    await this.correct('arithmetic', 'f32');
    this.#showFinding(sentence);
  }

  /** @param {string} reason  why what was dropped is no model */
  refuse(reason) {
    this.#set({ status: 'failed', name: '', reason });
  }

  /** Keeps using the model in use after another one could not be loaded. */
  keep() {
    if (this.state.info) this.#set({ status: 'ready', reason: '' });
  }

  /**
   * @param {string} name
   * @param {(signal: AbortSignal, onProgress: (read: Read) => void) => Promise<ModelFiles>} fetchFiles
   * @param {string | null} [storedId]  of a model that is kept in the browser
   */
  async #load(name, fetchFiles, storedId = null) {
    this.#loading.abort();
    const loading = new AbortController();
    const { signal } = loading;
    this.#loading = loading;
    if (this.#embedder.hasModel) this.#embedder.hold();
    this.#set({ status: 'loading', name, progress: null, reason: '' });
    const onProgress = (/** @type {ModelState['progress']} */ progress) => signal.aborted || this.#set({ progress });
    try {
      const files = await fetchFiles(signal, (read) => onProgress({ stage: 'comparing', ...read }));
      const { model, device } = await this.#encoder.load(files, { onProgress, signal });
      if (signal.aborted) return;
      this.#files = files;
      await this.#use(model, device, storedId);
    } catch (error) {
      if (signal.aborted) return;
      this.#set({ status: 'failed', progress: null, reason: messageOf(error) });
      emit(this, 'failed');
    }
  }

  /**
   * @param {ModelInfo} info
   * @param {DeviceInfo} device
   * @param {string | null} storedId
   */
  async #use(info, device, storedId) {
    this.#set({ status: 'ready', info, progress: null, storedId });
    this.#setDevice(device);
    this.#embedder.hasModel = true;
    emit(this, 'used');
    await this.#embedder.restart();
  }

  /** @param {string} finding  about the arithmetic of the model in use */
  #showFinding(finding) {
    const { info, status } = this.state;
    if (info && status === 'ready') this.#set({ info: withFinding(info, finding) });
  }

  /** @param {Partial<ModelState>} patch */
  #set(patch) {
    this.state = { ...this.state, ...patch };
    emit(this, 'change');
  }

  /** @param {DeviceInfo} device */
  #setDevice(device) {
    this.device = device;
    emit(this, 'device');
  }
}
