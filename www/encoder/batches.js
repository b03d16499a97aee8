// @ts-check
/**
 * Images on their way to the encoders: a free encoder takes those that wait, up to a limit. So no image waits for
 * others, and a GPU that is slower than decoding gets full batches.
 *
 * @typedef {{pixels: Float32Array, camera: string, signal?: AbortSignal, resolve: (embedding: Float32Array) => void,
 *   reject: (error: unknown) => void}} Waiting
 */
import { WorkerLost } from '../workers/messages.js';

export class Batches {
  /** Most images of a batch. */
  size;
  /** Batches that are being encoded at once. */
  atOnce;
  #pool;
  /** @type {Waiting[]} */
  #waiting = [];
  #running = 0;

  /**
   * @param {import('../workers/pool.js').Pool<import('./worker.js').EncoderActions>} pool
   * @param {{size: number, atOnce: number}} options
   */
  constructor(pool, { size, atOnce }) {
    this.#pool = pool;
    this.size = size;
    this.atOnce = atOnce;
  }

  /**
   * Embeds an image.
   *
   * @param {Float32Array} pixels  `[3, H, W]`
   * @param {AbortSignal} [signal]
   * @param {string} [camera]  its label, '' if unknown
   * @returns {Promise<Float32Array>} `[D]`
   */
  encode(pixels, signal, camera = '') {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ pixels, camera, signal, resolve, reject });
      this.#next();
    });
  }

  async #next() {
    if (this.#running >= this.atOnce) return;
    const batch = this.#take();
    if (batch.length === 0) return;
    this.#running += 1;
    await this.#run(batch);
    this.#running -= 1;
    this.#next();
  }

  /**
   * The next images, without those that are no longer wanted. No more than an even share, so that at the end no
   * encoder is idle while another has several.
   */
  #take() {
    for (const { signal, reject } of this.#waiting) if (signal?.aborted) reject(signal.reason);
    this.#waiting = this.#waiting.filter(({ signal }) => !signal?.aborted);
    const share = Math.ceil(this.#waiting.length / this.atOnce);
    return this.#waiting.splice(0, Math.min(this.size, share));
  }

  /** @param {Waiting[]} batch */
  async #run(batch) {
    try {
      const embeddings = await this.#pool.run((client) => {
        // If the worker is lost, another one gets the same pixels.
        const pixels = joined(batch.map((image) => image.pixels));
        return client.call(
          'encode',
          { pixels, cameras: batch.map(({ camera }) => camera) },
          { transfer: [pixels.buffer] },
        );
      });
      const width = embeddings.length / batch.length;
      batch.forEach(({ resolve }, index) => resolve(embeddings.slice(index * width, (index + 1) * width)));
    } catch (error) {
      if (batch.length === 1 || error instanceof WorkerLost) for (const { reject } of batch) reject(error);
      // One of them is to blame: each on its own.
      else for (const image of batch) await this.#run([image]);
    }
  }
}

/** A copy of all. @param {Float32Array[]} parts  of the same length */
function joined(parts) {
  const all = new Float32Array(parts.length * parts[0].length);
  parts.forEach((part, index) => all.set(part, index * part.length));
  return all;
}
