// @ts-check
/**
 * Sends every waiting image through the encoder; without a model it only makes thumbnails.
 *
 * Dispatches `progress` (detail Progress, at most ten a second), `embedded` after each stored embedding,
 * `failed` (detail Problem), `aside` when the images change that wait for their cause to go away, and `finished`
 * (detail {images, failed, aside, seconds}).
 *
 * @typedef {import('../../types.js').Item} Item
 * @typedef {import('../../types.js').Progress} Progress
 */
import { emit, messageOf, on } from '../../events.js';
import { isTemporary } from '../../workers/temporary.js';
import { Aside } from './aside.js';
import { Embeddings } from './embeddings.js';
import { fileOf, isGone } from './files.js';
import { Line } from './line.js';
import { Pace } from './pace.js';

const ANNOUNCE_MS = 100;

export class Embedder extends EventTarget {
  hasModel = false;
  /** Images that could not be embedded through no fault of their own. */
  aside = new Aside();
  /** Why no worker can be started; '' if they can. */
  trouble = '';
  /** @type {Set<number>} ids of pending images whose camera has changed since */
  #outdated = new Set();
  #encoder;
  #matching;
  #items;
  #abort = new AbortController();
  /** Images that wait to be handed to the encoder. */
  #line = new Line();
  /** @type {Set<number>} ids handed to the encoder */
  #pending = new Set();
  #pace = new Pace();
  #paused = false;
  /** Nothing is handed to the encoder until the next start. */
  #isHeld = false;
  /** @type {ReturnType<typeof setTimeout> | number} */
  #timer = 0;

  /**
   * @param {import('../../encoder/client.js').EncoderClient} encoder
   * @param {import('../../matching/client.js').MatchingClient} matching
   * @param {import('../items.js').Items} items
   */
  constructor(encoder, matching, items) {
    super();
    this.#encoder = encoder;
    this.#matching = matching;
    this.#items = items;
    this.embeddings = new Embeddings(matching, items);
    on(items, 'change', ({ touched }) => this.#checkCameras(touched));
  }

  /** Takes up whatever waits: the gallery first, so that each finished query is ranked against all of it. */
  start() {
    this.#isHeld = false;
    const waiting = this.#items.all().filter((item) => this.#isToDo(item));
    if (waiting.length === 0) {
      this.#paused &&= this.aside.size > 0;
      return this.#announce();
    }
    if (this.#line.size === 0 && [...this.#pending].every((id) => this.embeddings.arriving.has(id)))
      this.#pace = new Pace();
    this.#paused = false;
    const isOf = (/** @type {string} */ name) => waiting.filter(({ set }) => set === name);
    this.#line.fill([...isOf('collection'), ...isOf('gallery'), ...isOf('query')]);
    this.#pace.total = this.#pace.done + this.#pending.size + waiting.length;
    this.#handOn();
    this.#announce();
  }

  /** Takes up what was set aside, too: the person thinks that its cause is gone. */
  again() {
    this.#encoder.wake();
    this.#matching.wake();
    this.aside.clear();
    emit(this, 'aside');
    this.start();
  }

  /** Takes up an image that was set aside, with its file as it is now. @param {number} id @param {File} file */
  comeBack(id, file) {
    this.aside.delete(id);
    this.#items.change(id, { file });
    emit(this, 'aside');
  }

  /** As many as the encoder can use. What was set aside has the encoder to itself, one after another. */
  #handOn() {
    while (!this.#isHeld && this.#pending.size < this.#encoder.atOnce) {
      const next = this.#line.next() ?? (this.#pending.size === 0 ? this.aside.next(this.#items) : undefined);
      if (!next) return;
      this.#process(next, this.#abort.signal);
      if (this.aside.isTried(next.id)) return;
    }
  }

  /** Stops at the person's request; what is not done waits until the next `start`. */
  cancel() {
    this.hold();
    this.#paused = this.aside.size > 0 || this.#items.all().some((item) => this.#isToDo(item));
    this.#announce();
  }

  /** Stops for a moment, while a model loads; what is on its way to the matching worker still arrives. */
  hold() {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#line.fill([]);
    this.#isHeld = true;
    this.#pending = new Set([...this.#pending].filter((id) => this.embeddings.arriving.has(id)));
    this.#announce();
  }

  /** Forgets what a model made and begins again, for another model; at no moment does it seem idle. */
  async restart() {
    this.embeddings.discardMade();
    this.aside.clear();
    emit(this, 'aside');
    this.hold();
    if (this.#items.areImported) return this.start();
    for (const { id } of this.#items.all()) this.#items.change(id, { status: 'waiting' });
    const reset = this.embeddings.reset();
    this.start();
    await reset;
  }

  /**
   * Takes embeddings from a file; what is still on its way of images that made room for them is of no use.
   *
   * @param {Item[]} items
   * @param {Float32Array[]} embeddings
   */
  give(items, embeddings) {
    if (this.#items.all().length === items.length) this.embeddings.reset();
    this.embeddings.give(items, embeddings);
    for (const { id } of items) this.#items.change(id, { status: 'done' });
    return this.embeddings.handOver(items);
  }

  /** @param {Item[]} removed */
  forget(removed) {
    const areAll = removed.length > 0 && removed[0].origin !== null && this.#items.all().length === 0;
    if (!areAll) this.embeddings.takeOut(removed);
    for (const { id } of removed)
      if (this.#line.delete(id) || this.#pending.delete(id) || this.aside.delete(id)) this.#pace.forget();
    emit(this, 'aside');
    if (areAll) this.embeddings.reset();
    this.#handOn();
    this.#finishIfDone();
  }

  /** @param {Item[]} restored  their embeddings are still here, unless the model changed meanwhile */
  async recall(restored) {
    const isKept = (/** @type {Item} */ { id }) => this.embeddings.has(id);
    const done = restored.filter(({ status }) => status === 'done');
    for (const { id } of done.filter((item) => !isKept(item))) this.#items.change(id, { status: 'waiting' });
    await this.embeddings.handOver(done.filter(isKept));
    this.start();
  }

  /** Hands all embeddings over once more: the matching worker was replaced. */
  replay() {
    return this.embeddings.handOver(this.#items.all().filter(({ status }) => status === 'done'));
  }

  /** @param {Set<number>} touched  ids; where the model counts cameras, other ones make other embeddings */
  #checkCameras(touched) {
    if (!this.#encoder.needsCamera) return;
    const items = [...touched].flatMap((id) => this.#items.get(id) ?? []);
    const changed = items.filter((item) => this.embeddings.isOutdated(item));
    for (const { id } of changed.filter(({ id }) => this.#pending.has(id))) this.#outdated.add(id);
    this.#again(changed.filter(({ id }) => !this.#pending.has(id)));
  }

  /** Embeds images again. @param {Item[]} items */
  #again(items) {
    this.embeddings.takeOut(items);
    this.embeddings.discard(items.map(({ id }) => id));
    for (const { id } of items) this.#items.change(id, { status: 'waiting' });
    if (items.length > 0) this.start();
  }

  /** @param {Item} item */
  #isToDo({ id, status, thumbnail }) {
    const isUnderWay = this.#pending.has(id) || this.embeddings.arriving.has(id) || this.aside.has(id);
    return status === 'waiting' && !isUnderWay && (this.hasModel || thumbnail === null);
  }

  /** @param {Item} item @param {AbortSignal} signal */
  async #process(item, signal) {
    const { arriving } = this.embeddings;
    this.#pending.add(item.id);
    try {
      await (this.hasModel ? this.#embed(item, signal) : this.#look(item, signal));
    } catch (error) {
      await this.#judge(item, signal, error);
    }
    const isStale = this.#isStale(item, signal);
    arriving.delete(item.id);
    if (isStale) return;
    this.#pending.delete(item.id);
    if (this.#outdated.delete(item.id)) this.#again([item]);
    if (!this.aside.has(item.id)) this.#pace.finish();
    this.#handOn();
    this.#timer ||= setTimeout(() => this.#announce(), ANNOUNCE_MS);
    this.#finishIfDone();
  }

  /**
   * Tells an image that failed from one that has to wait for its file or for a worker.
   *
   * @param {Item} item
   * @param {AbortSignal} signal
   * @param {unknown} error
   */
  async #judge(item, signal, error) {
    if (this.#isStale(item, signal)) return;
    const cause = isTemporary(error) ? 'lost' : (await isGone(item.file)) ? 'gone' : null;
    if (this.#isStale(item, signal)) return;
    if (!cause) return this.#fail(item, error);
    this.aside.add(item.id, cause, error instanceof Error ? error.message : '');
    emit(this, 'aside');
  }

  /** @param {Item} item @param {unknown} error */
  #fail(item, error) {
    this.#pace.failed += 1;
    this.#items.change(item.id, { status: 'failed' });
    emit(this, 'failed', { file: item.path, reason: messageOf(error), kind: 'error' });
  }

  /** @param {Item} item @param {AbortSignal} signal */
  async #embed(item, signal) {
    const { camera } = item;
    this.embeddings.begin(item);
    const { embedding, ...look } = await this.#encoder.embed(fileOf(item), { signal, camera });
    if (this.#isStale(item, signal)) return;
    if (!(await this.embeddings.store(item, embedding))) return;
    this.#show(item, look);
    this.#items.change(item.id, { status: 'done' });
    emit(this, 'embedded');
  }

  /** @param {Item} item @param {AbortSignal} signal */
  async #look(item, signal) {
    const looked = await this.#encoder.look(fileOf(item), { signal });
    if (!this.#isStale(item, signal)) this.#show(item, looked);
  }

  /** @param {Item} item @param {import('../../encoder/client.js').Look} looked */
  #show(item, { width, height, thumbnail, content }) {
    const shown = item.thumbnail ?? URL.createObjectURL(thumbnail ?? fileOf(item));
    this.#items.change(item.id, { width, height, content, thumbnail: shown });
  }

  /**
   * Cancelling does not affect what is on its way to the matching worker.
   * @param {Item} item
   * @param {AbortSignal} signal
   */
  #isStale({ id }, signal) {
    return (signal.aborted && !this.embeddings.arriving.has(id)) || !this.#items.get(id);
  }

  #finishIfDone() {
    if (this.#pending.size > 0 || this.#line.size > 0 || this.#paused) return;
    const aside = this.aside.size;
    if (this.#pace.done + aside === 0) return;
    this.#paused = aside > 0;
    this.#announce();
    const { done, failed, secondsSpent } = this.#pace;
    const detail = { images: done, failed, aside, seconds: secondsSpent };
    if (aside === 0) this.#pace = new Pace();
    emit(this, 'finished', detail);
  }

  /** @param {string} trouble   why no worker can be started, '' if they can */
  tellTrouble(trouble) {
    this.trouble = trouble;
    this.#announce();
  }

  #announce() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    const { done, total, imagesPerSecond, secondsLeft } = this.#pace;
    const doing = this.trouble ? 'stalled' : this.hasModel ? 'embedding' : 'reading';
    const phase = this.#pending.size > 0 ? doing : this.#paused ? 'paused' : 'idle';
    /** @type {Progress} */
    const detail = { phase, done, total, imagesPerSecond, secondsLeft, trouble: this.trouble };
    emit(this, 'progress', detail);
  }
}
