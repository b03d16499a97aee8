// @ts-check
/**
 * Images to a pool of encoders, two in a call where enough of them wait: the products of one image leave part of
 * the kernels' tiles empty.
 *
 * @typedef {import('./pool.js').Pool} Pool
 * @typedef {{pixels: Float32Array, resolve: (embedding: Float32Array) => void, reject: (error: unknown) => void}} Image
 */
export class Batches {
  #pool;
  #most;
  /** @type {Image[]} the oldest first */
  #waiting = [];

  /**
   * @param {Pool} pool
   * @param {number} most  images in a call
   */
  constructor(pool, most) {
    this.#pool = pool;
    this.#most = most;
  }

  /**
   * @param {Float32Array} pixels  `[3, H, W]`
   * @param {AbortSignal} [signal]  takes the image out of the queue; one that is being encoded is only forgotten
   * @returns {Promise<Float32Array>}
   */
  async embed(pixels, signal) {
    signal?.throwIfAborted();
    const settled = new AbortController();
    try {
      return await new Promise((resolve, reject) => {
        const image = { pixels, resolve, reject };
        const abort = () => {
          this.#waiting = this.#waiting.filter((waiting) => waiting !== image);
          reject(signal?.reason);
        };
        signal?.addEventListener('abort', abort, { signal: settled.signal });
        this.#waiting.push(image);
        this.#encode();
      });
    } finally {
      settled.abort();
    }
  }

  /** A job that takes what waits when it begins. There is one for each image, so none is left; some find nothing. */
  async #encode() {
    /** @type {Image[] | null} */
    let taken = null;
    try {
      await this.#pool.run(async (client) => {
        taken ??= this.#take();
        if (taken.length === 0) return;
        // A copy: if the worker is lost, another one gets the same pixels.
        const pixels = joined(taken.map((image) => image.pixels));
        const embeddings = await client.call('encode', { pixels }, { transfer: [pixels.buffer] });
        const width = embeddings.length / taken.length;
        taken.forEach(({ resolve }, index) => resolve(embeddings.slice(index * width, (index + 1) * width)));
      });
    } catch (error) {
      for (const { reject } of taken ?? this.#waiting.splice(0)) reject(error);
    }
  }

  /** No more than an even share, so that at the end no encoder is idle while another has two. */
  #take() {
    const share = Math.ceil(this.#waiting.length / this.#pool.size);
    return this.#waiting.splice(0, Math.min(this.#most, share));
  }
}

/** @param {Float32Array[]} images */
function joined(images) {
  const all = new Float32Array(images.reduce((sum, { length }) => sum + length, 0));
  images.forEach((pixels, index) => all.set(pixels, index * pixels.length));
  return all;
}
