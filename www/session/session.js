// @ts-check
/**
 * One visit: the images, the model, what was computed, what is chosen.
 *
 * Knows the clients, not the views. Dispatches `model`, `device`, `selection`; its parts
 * (`items`, `embedder`, `evaluator`, `problems`, `notices`) dispatch their own events.
 *
 * @typedef {import('../types.js').DeviceInfo} DeviceInfo
 * @typedef {import('../types.js').DroppedFile} DroppedFile
 * @typedef {import('../types.js').EvaluationOptions} EvaluationOptions
 * @typedef {import('../types.js').ModelFiles} ModelFiles
 * @typedef {import('../types.js').ModelState} ModelState
 * @typedef {import('../types.js').Zone} Zone
 */
import { withFinding } from '../encoder/arithmetic.js';
import { EncoderClient } from '../encoder/client.js';
import { MatchingClient } from '../matching/client.js';
import { BUNDLED_NAME, fetchBundled } from '../models/bundled.js';
import { ModelStore } from '../models/store.js';
import { corrected } from './corrections.js';
import { Embedder } from './embedding/embedder.js';
import { Evaluator } from './analyses/evaluation.js';
import { separateModel } from './sets/intake.js';
import { Imports } from './sets/imports.js';
import { Items } from './items.js';
import { Labels } from './labels.js';
import { Listings } from './sets/listings.js';
import { Notices } from './notices.js';
import { Problems } from './problems.js';
import { Protocols } from './analyses/protocols.js';
import { Sample } from './sets/sample.js';
import { Saving } from '../saving/saving.js';
import { Setbacks } from './setbacks.js';
import { Sets } from './sets/sets.js';
import { Studies } from './analyses/study.js';

const FIRST_RANKS = 50;

export class Session extends EventTarget {
  matching = new MatchingClient();
  store = new ModelStore();
  items = new Items();
  listings = new Listings();
  problems = new Problems();
  notices = new Notices();
  sets = new Sets(this);
  imports = new Imports(this);
  sample = new Sample(this);
  labels = new Labels(this);
  saving = new Saving(this);
  encoder;
  embedder;
  evaluator;
  studies;
  protocols;
  setbacks;
  /** @type {ModelState} */
  model = { status: 'missing', info: null, name: '', progress: null, reason: '', storedId: null };
  /** @type {DeviceInfo | null} */
  device = null;
  /** @type {number | null} the chosen query */
  selectedId = null;
  #loading = new AbortController();
  /** @type {ModelFiles | null} of the model in use */
  #files = null;

  /** @param {'auto' | 'cpu' | 'webgpu'} device */
  constructor(device) {
    super();
    this.encoder = new EncoderClient({ device });
    this.embedder = new Embedder(this.encoder, this.matching, this.items);
    this.evaluator = new Evaluator(this.matching, this.items);
    this.studies = new Studies(this.matching, this.evaluator, this.items);
    this.protocols = new Protocols(this.matching, this.evaluator, this.studies);
    this.setbacks = new Setbacks(this);
    this.#listen();
  }

  /**
   * @param {DroppedFile[]} files   images, folders' contents, a model, or all of them together
   * @param {Zone} zone
   * @param {AbortSignal} [signal]   until they are in the sets
   */
  async drop(files, zone, signal) {
    if (files.length === 0) return;
    const isInUse = this.model.info !== null && !this.model.info.isBundled;
    const { model, modelError, rest, aside } = await separateModel(files, isInUse);
    signal?.throwIfAborted();
    this.problems.add(...aside);
    if (modelError) this.#setModel({ status: 'failed', name: '', reason: modelError });
    if (model) this.loadModel(model);
    try {
      if (rest.length > 0) await this.sets.drop(rest, zone, { besideModel: model !== null, signal });
    } catch (error) {
      signal?.throwIfAborted();
      this.report(error);
    }
  }

  /**
   * Shows a bundled sample; without a model, with the bundled one.
   * @param {import('./sets/sample.js').SampleName} name
   */
  async showSample(name) {
    if (this.model.status === 'missing') this.#load(BUNDLED_NAME, fetchBundled);
    await this.sample.open(name).catch((error) => this.report(error));
  }

  /** @param {ModelFiles} files */
  loadModel(files) {
    return this.#load(files.name, async () => files);
  }

  /**
   * Loads a model that is kept in the browser.
   * @param {string} id
   */
  useStored(id) {
    return this.#load(this.store.get(id)?.source.name ?? id, (_, onProgress) => this.store.files(id, onProgress), id);
  }

  /**
   * Loads the model in use once more, with another assumption about it.
   * @param {string} field
   * @param {string} value
   */
  correctModel(field, value) {
    const files = this.#files;
    if (!files) return;
    const choices = corrected(files.choices, field, value);
    return this.#load(files.name, async () => ({ ...files, choices }), this.model.storedId);
  }

  /**
   * @param {string} name
   * @param {(signal: AbortSignal, onProgress: (read: {done: number, total: number}) => void) => Promise<ModelFiles>} fetchFiles
   * @param {string | null} [storedId]  of a model that is kept in the browser
   */
  async #load(name, fetchFiles, storedId = null) {
    this.#loading.abort();
    const loading = new AbortController();
    this.#loading = loading;
    if (this.embedder.hasModel) this.embedder.hold();
    this.#setModel({ status: 'loading', name, progress: null, reason: '' });
    try {
      const onProgress = (/** @type {any} */ progress) => loading.signal.aborted || this.#setModel({ progress });
      const files = await fetchFiles(loading.signal, (read) => onProgress({ stage: 'comparing', ...read }));
      const { model, device } = await this.encoder.load(files, {
        onProgress,
        signal: loading.signal,
      });
      if (loading.signal.aborted) return;
      this.#files = files;
      await this.#useModel(model, device, storedId);
    } catch (error) {
      if (loading.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.#setModel({ status: 'failed', progress: null, reason });
      this.resume();
    }
  }

  /** 8-bit weights do not do for these images: all are embedded again in F32. @param {string} sentence */
  async #leaveEightBits(sentence) {
    if (this.model.status === 'loading') return;
    const reloading = this.correctModel('arithmetic', 'f32');
    this.notices.say(sentence);
    await reloading;
    this.#tellArithmetic(sentence);
  }

  /** @param {string} finding */
  #tellArithmetic(finding) {
    const { info, status } = this.model;
    if (info && status === 'ready') this.#setModel({ info: withFinding(info, finding) });
  }

  /** Goes on with the model in use after another one failed. */
  keepModel() {
    if (this.model.info) this.#setModel({ status: 'ready', reason: '' });
  }

  /** @param {number | null} id */
  select(id) {
    this.selectedId = id;
    this.evaluator.queryId = id;
    this.showRanks(FIRST_RANKS);
    this.dispatchEvent(new Event('selection'));
  }

  /**
   * What is known of the model that made the embeddings, which for imported ones is what their files say; null if nothing.
   * @returns {Partial<import('../types.js').ModelInfo> | null}
   */
  get embeddedBy() {
    if (!this.items.areImported) return this.model.info;
    const models = new Map(this.items.all().map(({ origin }) => [JSON.stringify(origin?.model), origin?.model ?? null]));
    return models.size === 1 ? [...models.values()][0] : null;
  }

  /** `embeddedBy` for a file: with the SHA-256 of the weights, null where they cannot be read any more. */
  async describeModel() {
    const model = this.embeddedBy;
    if (this.items.areImported || !model || !this.#files) return model;
    return { ...model, sha256: await this.store.hash(this.#files.weights).catch(() => null) };
  }

  /** The chosen query. */
  get selected() {
    return (this.selectedId === null ? null : this.items.get(this.selectedId)) ?? null;
  }

  /** @param {number} top  how many ranks of the chosen query are asked for */
  showRanks(top) {
    this.evaluator.top = top;
    this.evaluator.rank().catch((error) => this.report(error));
  }

  /** @param {Partial<EvaluationOptions>} patch */
  setOptions(patch) {
    this.evaluator.options = { ...this.evaluator.options, ...patch };
    this.evaluator.request();
  }

  /** The sets changed: choose a query if none is, embed what waits, evaluate. */
  changed() {
    if (this.selectedId === null || !this.items.get(this.selectedId)) this.#selectNearest();
    this.resume();
    this.evaluator.request();
  }

  /** Goes on with what waits; while another model loads, the old one gets no more images. */
  resume() {
    if (this.model.status !== 'loading' || !this.embedder.hasModel) this.embedder.start();
  }

  /**
   * @param {import('../types.js').ModelInfo} info
   * @param {DeviceInfo} device
   * @param {string | null} storedId
   */
  async #useModel(info, device, storedId) {
    this.#setModel({ status: 'ready', info, progress: null, storedId });
    this.#setDevice(device);
    this.embedder.hasModel = true;
    this.problems.dismiss(({ kind, file }) => kind === 'error' && file !== '');
    const restarted = this.embedder.restart();
    this.evaluator.request();
    await restarted;
  }

  /** The query after the one that is gone, else the first. */
  #selectNearest() {
    const queries = this.items.of('query');
    const next = queries.find(({ id }) => id > (this.selectedId ?? 0)) ?? queries[0];
    if ((next?.id ?? null) !== this.selectedId) this.select(next?.id ?? null);
  }

  #listen() {
    const { encoder, embedder, evaluator, problems } = this;
    listen(encoder, 'device', (detail) => this.#setDevice(detail));
    listen(encoder, 'eight-bits-compared', ({ sentence }) => this.#tellArithmetic(sentence));
    listen(encoder, 'eight-bits-refused', ({ sentence }) => this.#leaveEightBits(sentence));
    listen(encoder, 'worker-lost', ({ reason }) => problems.add({ file: '', reason, kind: 'error' }));
    this.matching.onReplaced = async ({ message }) => {
      this.report(new Error(`The worker that ranks was lost and is replaced: ${message}`));
      await embedder.replay();
      evaluator.request();
    };
    this.matching.onTrouble = (reason) => this.report(new Error(`The worker that ranks could not be started yet and is tried again: ${reason}`));
    listen(embedder, 'failed', (problem) => problems.add(problem));
    listen(embedder, 'embedded', () => evaluator.request());
    listen(embedder, 'finished', () => evaluator.request());
    listen(embedder, 'progress', ({ phase }) => {
      evaluator.settled = phase !== 'embedding' && phase !== 'stalled';
    });
    listen(evaluator, 'failed', (error) => this.report(error));
  }

  /** @param {Partial<ModelState>} patch */
  #setModel(patch) {
    this.model = { ...this.model, ...patch };
    this.dispatchEvent(new Event('model'));
  }

  /** @param {DeviceInfo} device */
  #setDevice(device) {
    this.device = device;
    this.dispatchEvent(new Event('device'));
  }

  /** @param {unknown} error  that belongs to no file */
  report(error) {
    this.problems.add({ file: '', reason: error instanceof Error ? error.message : String(error), kind: 'error' });
  }
}

/**
 * @param {EventTarget} target
 * @param {string} type
 * @param {(detail: any) => void} handle
 */
export function listen(target, type, handle) {
  target.addEventListener(type, (event) => handle(/** @type {CustomEvent} */ (event).detail));
}
