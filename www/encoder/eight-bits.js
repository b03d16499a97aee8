// @ts-check
/**
 * Are 8-bit weights good enough for a person's images? Some of the images are embedded in F32 as well. Which ones, and
 * how much difference is too much, is decided in Rust (`EightBitCheck`), in a worker of its own without a model.
 *
 * The F32 encoder exists only while it compares: its worker is started when several images wait for it, or when nothing
 * else is under way, and is ended afterwards, because a worker never gives memory back.
 *
 * Events: `refused` (detail {sentence}) once, before what waits is rejected; `compared` (detail {sentence}).
 *
 * @typedef {import('./start-worker.js').Client} Client
 * @typedef {import('./worker.js').EncoderActions} Actions
 * @typedef {{name: string, camera: string}} Picture  camera: its label, '' if unknown
 * @typedef {Picture & {pixels: Float32Array, embedding: Float32Array, resolve: () => void,
 *   reject: (error: Error) => void}} Waiting
 */

import { emit, messageOf } from '../events.js';

/** Images that are compared by one F32 encoder, one after the other. */
const AT_ONCE = 24;

export class EightBits extends EventTarget {
  #startJudge;
  #startExact;
  /** @type {Promise<Client> | null} */
  #judge = null;
  /** Images whose embedding is on its way, those that wait among them. */
  #underWay = 0;
  /** @type {Waiting[]} */
  #waiting = [];
  #isComparing = false;
  /** @type {string | null} why 8 bits are not good enough */
  #refusal = null;

  /**
   * @param {() => Promise<Client>} startJudge  a worker with the package
   * @param {() => Promise<Client>} startExact  a worker with the F32 encoder
   */
  constructor(startJudge, startExact) {
    super();
    this.#startJudge = startJudge;
    this.#startExact = startExact;
  }

  /**
   * Embeds an image; if it has to be compared, it is ready when that is done.
   *
   * @template {{pixels: Float32Array, embedding: Float32Array}} T
   * @param {Picture} picture
   * @param {() => Promise<T>} embed
   * @returns {Promise<T>}
   */
  async watch(picture, embed) {
    this.#underWay += 1;
    try {
      const found = await embed();
      await this.#admit(picture, found);
      return found;
    } finally {
      this.#underWay -= 1;
      this.#compareIfDue();
    }
  }

  /** Frees what it holds. */
  stop() {
    this.#refusal ??= 'the model was replaced';
    this.#judge?.then(
      (judge) => judge.terminate(),
      () => {},
    );
    this.#rejectAll();
  }

  /**
   * @param {Picture} picture
   * @param {{pixels: Float32Array, embedding: Float32Array}} found
   */
  async #admit(picture, { pixels, embedding }) {
    if (this.#refusal) throw new Error(this.#refusal);
    if (!(await this.#ask('wantsComparison', { found: embedding }))) return;
    await new Promise((/** @type {(value?: any) => void} */ resolve, reject) => {
      this.#waiting.push({ ...picture, pixels, embedding, resolve, reject });
      this.#compareIfDue();
    });
  }

  /**
   * @template {keyof Actions} K
   * @param {K} action
   * @param {import('../workers/messages.js').Args<Actions, K>} args
   */
  async #ask(action, args) {
    try {
      this.#judge ??= this.#startJudge();
      return await (await this.#judge).call(action, args);
    } catch (error) {
      this.#refuse(
        `8-bit could not be compared with F32 (${messageOf(error)}); all images are processed in F32 instead`,
      );
      throw error;
    }
  }

  async #compareIfDue() {
    const isDue = this.#waiting.length >= AT_ONCE || this.#waiting.length === this.#underWay;
    if (this.#waiting.length === 0 || !isDue || this.#isComparing || this.#refusal) return;
    this.#isComparing = true;
    const batch = this.#waiting.splice(0, AT_ONCE);
    try {
      const { refusal, summary } = await this.#compare(batch);
      const reason = this.#refusal ?? refusal;
      if (reason) this.#refuse(reason, batch);
      else this.#pass(batch, summary);
    } catch (error) {
      this.#refuse(
        `8-bit could not be compared with F32 (${messageOf(error)}); all images are processed in F32 instead`,
        batch,
      );
    }
    this.#isComparing = false;
    this.#compareIfDue();
  }

  /**
   * @param {Waiting[]} batch
   * @returns {Promise<{refusal?: string, summary?: string}>}
   */
  async #compare(batch) {
    const exact = await this.#startExact();
    /** @type {{refusal?: string, summary?: string}} */
    let verdict = {};
    try {
      for (const { name, camera, pixels, embedding } of batch) {
        const trusted = await exact.call('encode', { pixels, cameras: [camera] });
        verdict = await this.#ask('compare', { name, exact: trusted, found: embedding });
        if (this.#refusal || verdict.refusal) break;
      }
      return verdict;
    } finally {
      exact.terminate();
    }
  }

  /**
   * @param {Waiting[]} batch
   * @param {string} [summary]
   */
  #pass(batch, summary) {
    for (const { resolve } of batch) resolve();
    emit(this, 'compared', { sentence: `${summary}.` });
  }

  /**
   * Announces the refusal first, so that whoever waits knows why.
   *
   * @param {string} sentence
   * @param {Waiting[]} [batch]
   */
  #refuse(sentence, batch = []) {
    const isNew = this.#refusal === null;
    this.#refusal ??= sentence;
    if (isNew) emit(this, 'refused', { sentence: `${sentence}.` });
    this.#waiting.unshift(...batch);
    this.#rejectAll();
  }

  #rejectAll() {
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(this.#refusal ?? ''));
  }
}
