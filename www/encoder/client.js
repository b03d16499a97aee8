// @ts-check
/**
 * Images to embeddings, on workers. Decoding and encoding have a pool each, so that the next images are
 * ready when an encoder is; only a few images are in memory at a time.
 *
 * Events: `device` (detail DeviceInfo) when the device changes by itself, `worker-lost` (detail {reason});
 * `eight-bits-compared` (detail {sentence}), and `eight-bits-refused` (detail {sentence}): no embedding by this model
 * may be kept. `trouble` (detail {reason}): why no worker can be started; '' once one can.
 *
 * @typedef {import('../model-types.js').DeviceInfo} DeviceInfo
 * @typedef {import('../model-types.js').ModelFiles} ModelFiles
 * @typedef {import('../model-types.js').ModelInfo} ModelInfo
 * @typedef {import('../model-types.js').PreprocessorSettings} PreprocessorSettings
 * @typedef {Pool<import('./worker.js').EncoderActions>} EncoderPool
 * @typedef {{width: number, height: number, thumbnail: Blob | null, content: string | null}} Look
 *   thumbnail: null if the file is small itself
 */
import { emit, messageOf } from '../events.js';
import { Gate } from '../scheduling/gate.js';
import { Pool } from '../workers/pool.js';
import { inF32, isInEightBits } from './arithmetic.js';
import { Batches } from './batches.js';
import { CPU_BATCH, GPU_BATCHES, cpuWorkers, loadOnBestDevice, startCpuWorker } from './device.js';
import { EightBits } from './eight-bits.js';
import { licenceNote } from './licence-note.js';
import { Budget, pictureBudget } from './pictures/budget.js';
import { decodedBytes } from './pictures/picture-size.js';
import { startWorker } from './start-worker.js';

const THUMBNAIL_SIDE = 320;
const FEW_PREPARERS = 4;
const MOST_PREPARERS = 8;
/** Images that are encoded or wait decoded, for each that an encoder takes at once. */
const READY_PER_ENCODER = 2;
/** Share of the picture budget that an idle worker may keep. */
const IDLE_SHARE = 1 / 2;
/** Images that wait, undecoded, for their turn or to be compared. */
const SPARE = 32;

export class EncoderClient extends EventTarget {
  /** Until all encoders are there; the first one does not wait for the others. @type {Promise<void>} */
  complete = Promise.resolve();
  /** Whether the model adds an embedding of each image's camera. */
  needsCamera = false;
  #preference;
  #preparers = new Pool(() => startWorker('cpu'));
  #areStarted = false;
  #budget = new Budget(pictureBudget());
  /** @type {EncoderPool | null} */
  #encoders = null;
  /** @type {Batches | null} */
  #batches = null;
  /** Where the CPU computes with 8-bit weights. @type {EightBits | null} */
  #eightBits = null;
  /** @type {PreprocessorSettings | null} */
  #settings = null;
  #gate = new Gate(1);
  /** Why there are none, by what they are for. @type {Map<string, string>} */
  #troubles = new Map();

  /** @param {{device: 'auto' | 'cpu' | 'webgpu'}} options */
  constructor({ device }) {
    super();
    this.#preference = device;
    this.#preparers.onLost = (error) => this.#tellLost(error, 'was decoding images');
    this.#preparers.onTrouble = (cause) => this.#tellTrouble('decodes images', cause);
    globalThis.addEventListener('online', () => this.wake());
  }

  /** How many images are worth handing over at the same time. */
  get atOnce() {
    return this.#gate.most + preparers() + SPARE;
  }

  /** Tries at once to start workers that could not be started. */
  wake() {
    this.#preparers.wake();
    this.#encoders?.wake();
  }

  /**
   * @param {ModelFiles} files
   * @param {{onProgress?: import('./device.js').OnProgress, signal?: AbortSignal}} [options]
   * @returns {Promise<{model: ModelInfo, device: DeviceInfo}>}
   */
  async load(files, { onProgress = () => {}, signal } = {}) {
    // Whoever needs them waits for them, and is told if they do not start.
    this.#startPreparers();
    const config = files.config ? await files.config.text() : null;
    const model = {
      weights: files.weights,
      parts: files.parts,
      config,
      configName: files.config?.name ?? null,
      pixelsName: files.preprocessor?.name ?? null,
      choices: files.choices,
    };
    const loaded = await loadOnBestDevice(this.#preference, model, onProgress, signal);
    const { pool, device, batch } = loaded;
    try {
      const { preprocessor, ...info } = loaded.info;
      const json = files.preprocessor ? await files.preprocessor.text() : preprocessor;
      const settings = { json, trainedSize: info.trainedSize, imageSize: info.imageSize };
      const preprocessing = await pool
        .run((client) => client.call('describe', { settings }), signal)
        .catch((error) => {
          throw files.preprocessor ? new Error(`${files.preprocessor.name}: ${error.message}`) : error;
        });
      this.#use(pool, settings, loaded.model, device, batch);
      this.needsCamera = info.needsCamera;
      return {
        model: {
          ...info,
          preprocessing,
          name: files.name,
          isBundled: files.isBundled,
          licence: files.licence || licenceNote(config),
        },
        device,
      };
    } catch (error) {
      pool.stop();
      throw error;
    }
  }

  /**
   * Embeds an image with the loaded model.
   *
   * @param {Blob} file
   * @param {{signal?: AbortSignal, camera?: string | null}} [options]  the camera's label
   * @returns {Promise<Look & {embedding: Float32Array}>}
   */
  async embed(file, { signal, camera } = {}) {
    const batches = this.#batches;
    const settings = this.#settings;
    if (!batches) throw new Error('no model is loaded');
    const embed = () =>
      this.#gate.pass(async () => {
        const { pixels, ...look } = await this.#prepare(file, settings, signal);
        const input = /** @type {Float32Array} */ (pixels); // there are some, because of the settings
        const embedding = await batches.encode(input, signal, camera ?? '');
        return { ...look, pixels: input, embedding };
      }, signal);
    const name = file instanceof File ? file.name : 'an image';
    const { pixels, ...found } = await (this.#eightBits?.watch({ name, camera: camera ?? '' }, embed) ?? embed());
    return found;
  }

  /**
   * Decodes an image; needs no model.
   *
   * @param {Blob} file
   * @param {{signal?: AbortSignal}} [options]
   * @returns {Promise<Look>}
   */
  async look(file, { signal } = {}) {
    const { pixels, ...look } = await this.#prepare(file, null, signal);
    return look;
  }

  /** Frees the model. */
  unload() {
    this.#encoders?.stop();
    this.#encoders = null;
    this.#batches = null;
    this.#eightBits?.stop();
    this.#eightBits = null;
    this.#settings = null;
    this.#tellTrouble('processes images', null);
  }

  /**
   * Decodes, within the memory that there is for pictures.
   *
   * @param {Blob} file
   * @param {PreprocessorSettings | null} settings
   * @param {AbortSignal} [signal]
   */
  async #prepare(file, settings, signal) {
    this.#startPreparers();
    const bytes = await decodedBytes(file);
    signal?.throwIfAborted();
    const { memory, ...prepared } = await this.#budget.spend(bytes, () =>
      this.#preparers.run(async (client) => {
        const answer = await client.call('prepare', { file, thumbnailSide: THUMBNAIL_SIDE, settings });
        if (answer.memory > IDLE_SHARE * pictureBudget()) this.#preparers.retire(client);
        return answer;
      }, signal),
    );
    return prepared;
  }

  #startPreparers() {
    if (!this.#areStarted) this.#preparers.keep(preparers());
    this.#areStarted = true;
  }

  /**
   * @param {EncoderPool} pool
   * @param {PreprocessorSettings} settings
   * @param {import('../model-types.js').Model} model
   * @param {DeviceInfo} device
   * @param {number} batch
   */
  #use(pool, settings, model, device, batch) {
    this.unload();
    this.#encoders = pool;
    const atOnce = device.kind === 'webgpu' ? GPU_BATCHES : device.workers;
    this.#batches = new Batches(pool, { size: batch, atOnce });
    this.#settings = settings;
    if (device.kind === 'cpu' && isInEightBits(model)) this.#eightBits = this.#compareWith(inF32(model));
    this.#gate = new Gate(preparers() + READY_PER_ENCODER * batch * atOnce);
    pool.onLost = (error) => this.#tellLost(error, `was encoding on ${device.name}`);
    pool.onTrouble = (cause) => this.#tellTrouble('processes images', cause);
    if (device.kind === 'webgpu') pool.create = () => this.#leaveGpu(pool, model, device);
    else this.#keep(pool, device.workers);
  }

  /** @param {import('../model-types.js').Model} exact */
  #compareWith(exact) {
    const eightBits = new EightBits(
      () => startWorker('cpu'),
      () => startCpuWorker(exact),
    );
    const tell = (/** @type {string} */ type) => (/** @type {Event} */ event) =>
      emit(this, type, /** @type {CustomEvent} */ (event).detail);
    eightBits.addEventListener('compared', tell('eight-bits-compared'));
    eightBits.addEventListener('refused', tell('eight-bits-refused'));
    return eightBits;
  }

  /**
   * The GPU's worker is lost: the CPU takes over.
   *
   * @param {EncoderPool} pool
   * @param {import('../model-types.js').Model} model
   * @param {DeviceInfo} lost
   */
  async #leaveGpu(pool, model, lost) {
    const client = await startCpuWorker(model);
    pool.jobsAtOnce = 1;
    pool.create = () => startCpuWorker(model);
    const { size } = model.weights;
    const workers = cpuWorkers(size);
    const reason = `${lost.name} was lost; the CPU takes over.`;
    const detail = { kind: 'cpu', name: 'CPU', workers, imagesPerSecond: null, milliseconds: null, reason };
    emit(this, 'device', detail);
    Object.assign(this.#batches ?? {}, { size: CPU_BATCH, atOnce: workers });
    queueMicrotask(() => this.#keep(pool, workers));
    return client;
  }

  /**
   * @param {EncoderPool} pool
   * @param {number} workers
   */
  #keep(pool, workers) {
    this.complete = pool.keep(workers);
  }

  /**
   * @param {string} doing   what the worker does
   * @param {unknown} cause   why none can be started; null once one can
   */
  #tellTrouble(doing, cause) {
    if (cause === null && !this.#troubles.has(doing)) return;
    if (cause === null) this.#troubles.delete(doing);
    else this.#troubles.set(doing, `the worker that ${doing} cannot be started (${messageOf(cause)})`);
    const [reason = ''] = this.#troubles.values();
    emit(this, 'trouble', { reason });
  }

  /**
   * @param {Error} error
   * @param {string} doing
   */
  #tellLost(error, doing) {
    const reason = `A worker that ${doing} was lost and has been replaced: ${error.message}`;
    emit(this, 'worker-lost', { reason });
  }
}

/**
 * One per core where there are few, one per two cores where there are many: with a small model or a fast GPU, decoding
 * and resizing are most of the work. Each may hold a whole photo, so phones, which have 8 cores, get 4.
 */
function preparers() {
  const cores = navigator.hardwareConcurrency || 2;
  return Math.max(Math.min(FEW_PREPARERS, cores), Math.min(MOST_PREPARERS, cores >> 1));
}
