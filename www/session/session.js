// @ts-check
/**
 * One visit: the images, the model, what was computed, what is chosen. Makes the parts and connects them.
 *
 * It knows the clients, not the views; its parts dispatch events of their own.
 *
 * @typedef {import('../types.js').DroppedFile} DroppedFile
 * @typedef {import('../types.js').Zone} Zone
 */
import { EncoderClient } from '../encoder/client.js';
import { messageOf, on } from '../events.js';
import { MatchingClient } from '../matching/client.js';
import { ModelStore } from '../models/store.js';
import { Saving } from '../saving/saving.js';
import { Evaluator } from './analyses/evaluation.js';
import { Protocols } from './analyses/protocols.js';
import { Studies } from './analyses/study.js';
import { Embedder } from './embedding/embedder.js';
import { Items } from './items.js';
import { Labels } from './labels.js';
import { ModelSlot } from './model-slot.js';
import { Notices } from './notices.js';
import { Problems } from './problems.js';
import { Selection } from './selection.js';
import { Setbacks } from './setbacks.js';
import { Drops } from './sets/drops.js';
import { Imports } from './sets/imports.js';
import { separateModel } from './sets/intake.js';
import { Listings } from './sets/listings.js';
import { Sample } from './sets/sample.js';
import { Sets } from './sets/sets.js';

export class Session {
  matching = new MatchingClient();
  store = new ModelStore();
  items = new Items();
  listings = new Listings();
  problems = new Problems();
  notices = new Notices();
  saving = new Saving(this);

  /** @param {'auto' | 'cpu' | 'webgpu'} device */
  constructor(device) {
    const { matching, store, items, notices, problems } = this;
    const report = (/** @type {unknown} */ error) => this.report(error);
    this.encoder = new EncoderClient({ device });
    this.embedder = new Embedder(this.encoder, matching, items);
    this.model = new ModelSlot(this.encoder, this.embedder, store);
    this.evaluator = new Evaluator(matching, items, this.embedder);
    this.selection = new Selection(items, this.evaluator);
    this.studies = new Studies(matching, this.evaluator, items);
    this.protocols = new Protocols(matching, this.evaluator, this.studies);
    const { encoder, embedder, evaluator } = this;
    this.sets = new Sets({ items, embedder, notices, problems });
    const { sets } = this;
    const imports = new Imports({ items, embedder, matching, notices, problems, sets, report });
    this.drops = new Drops({ items, embedder, matching, notices, problems, sets, imports });
    this.sample = new Sample({ items, sets, drops: this.drops });
    this.labels = new Labels({ items, evaluator, matching, notices });
    this.setbacks = new Setbacks({ items, embedder, encoder, problems });
    this.#connectSets();
    this.#connectModel();
    this.#connectMatching();
  }

  /**
   * @param {DroppedFile[]} files   images, folders' contents, a model, or all of them together
   * @param {Zone} zone
   * @param {AbortSignal} [signal]   until they are in the sets
   */
  async drop(files, zone, signal) {
    if (files.length === 0) return;
    const { model, modelError, rest, aside } = await separateModel(files, this.model.isOwn);
    signal?.throwIfAborted();
    this.problems.add(...aside);
    if (modelError) this.model.refuse(modelError);
    if (model) this.model.load(model);
    try {
      if (rest.length > 0) await this.drops.drop(rest, zone, { besideModel: model !== null, signal });
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
    this.model.loadBundled();
    await this.sample.open(name).catch((error) => this.report(error));
  }

  /** @param {unknown} error  that belongs to no file */
  report(error) {
    this.problems.add({ file: '', reason: messageOf(error), kind: 'error' });
  }

  /** Takes up what waits; while another model loads, the old one gets no more images. */
  #resume() {
    if (this.model.state.status !== 'loading' || !this.embedder.hasModel) this.embedder.start();
  }

  #connectSets() {
    const { sets, selection, evaluator, listings, drops } = this;
    on(drops, 'search', (id) => selection.choose(id));
    on(sets, 'change', () => {
      selection.keep();
      this.#resume();
      evaluator.request();
    });
    on(sets, 'cleared', () => {
      listings.cancel();
      // What was chosen for one data set need not hold for the next one.
      evaluator.setOptions({ removeSameCamera: true });
    });
  }

  #connectModel() {
    const { model, encoder, embedder, evaluator, problems } = this;
    on(model, 'used', () => {
      problems.dismiss(({ kind, file }) => kind === 'error' && file !== '');
      evaluator.request();
    });
    on(model, 'failed', () => this.#resume());
    on(encoder, 'eight-bits-refused', ({ sentence }) => this.#leaveEightBits(sentence));
    on(encoder, 'worker-lost', ({ reason }) => problems.add({ file: '', reason, kind: 'error' }));
    on(embedder, 'failed', (problem) => problems.add(problem));
    on(embedder, 'embedded', () => evaluator.request());
    on(embedder, 'finished', () => evaluator.request());
    on(evaluator, 'failed', (error) => this.report(error));
  }

  #connectMatching() {
    const { matching, embedder, evaluator } = this;
    matching.onReplaced = async ({ message }) => {
      this.report(`The worker that ranks was lost and has been replaced: ${message}`);
      await embedder.replay();
      evaluator.request();
    };
    matching.onTrouble = (reason) => {
      this.report(`The worker that ranks could not be started yet; trying again: ${reason}`);
    };
  }

  /** @param {string} sentence  why 8-bit weights are not good enough: all images are embedded again in F32 */
  #leaveEightBits(sentence) {
    if (this.model.state.status === 'loading') return;
    this.model.leaveEightBits(sentence);
    this.notices.say(sentence);
  }
}
