// @ts-check
/**
 * Reads the image tower of a weight file, tensor by tensor: never more than one of them is in memory next to the
 * encoder.
 *
 * @typedef {Pick<import('../package.js').Package, 'CheckpointReader' | 'TowerPlan'>} Package
 * @typedef {{name: string, dtype: string, start: number, end: number}} Part
 */

/**
 * Finds out what a weight file contains, from a few pieces of it.
 *
 * @param {Package} reid
 * @param {import('../model-types.js').Model} model
 */
export async function planTower(reid, { weights, parts, config, configName, pixelsName, choices }) {
  const [first, ...others] = parts ?? [
    { name: weights instanceof File ? weights.name : 'the weight file', size: weights.size },
  ];
  const reader = new reid.CheckpointReader(first.name, first.size);
  try {
    await readHeader(reader, weights, 0);
    let begin = first.size;
    for (const { name, size } of others) {
      reader.nextPart(name, size);
      await readHeader(reader, weights, begin);
      begin += size;
    }
  } catch (error) {
    reader.free();
    throw error;
  }
  return new reid.TowerPlan(
    reader,
    config ?? undefined,
    choices ? JSON.stringify(choices) : undefined,
    configName ?? undefined,
    pixelsName ?? undefined,
  );
}

/**
 * @param {import('../pkg/cpu/reid_web.js').CheckpointReader} reader
 * @param {Blob} weights
 * @param {number} begin  of the part that is read
 */
async function readHeader(reader, weights, begin) {
  for (let span = reader.next(); span; span = reader.next()) {
    reader.give(await bytesOf(weights, begin + span.start, begin + span.end));
  }
}

/**
 * @param {import('../pkg/cpu/reid_web.js').TowerBuilder} builder  used up
 * @param {Part[]} parts  of the plan that the builder was made with
 * @param {Blob} weights
 * @param {(progress: {done: number, total: number}) => void} onProgress  in bytes
 */
export async function readTower(builder, parts, weights, onProgress) {
  const total = parts.reduce((sum, { start, end }) => sum + end - start, 0);
  const bytes = new Reading(weights, Math.max(...parts.map(({ start, end }) => end - start)));
  let done = 0;
  try {
    for (const { name, dtype, start, end } of parts) {
      builder.insert(name, dtype, await bytes.of(start, end));
      done += end - start;
      onProgress({ done, total });
    }
  } catch (error) {
    builder.free();
    throw error;
  }
  return builder.finish();
}

/**
 * Chromium (156) forgets a stream of a file that only its own pending read holds: sometimes it is collected, and the
 * read never ends.
 * @type {Set<ReadableStreamBYOBReader>}
 */
const underWay = new Set();

/** Reads parts of a file into the same memory again and again: a new piece for each would wait to be collected. */
class Reading {
  #file;
  #memory;

  /**
   * @param {Blob} file
   * @param {number} most  bytes of a part
   */
  constructor(file, most) {
    this.#file = file;
    this.#memory = new ArrayBuffer(most);
  }

  /**
   * @param {number} start
   * @param {number} end
   * @returns {Promise<Uint8Array>}  valid until the next part is read
   */
  async of(start, end) {
    const reader = intoMemory(this.#file.slice(start, end));
    if (!reader) return bytesOf(this.#file, start, end);
    const length = end - start;
    underWay.add(reader);
    try {
      for (let filled = 0; filled < length; ) {
        const { value, done } = await reader.read(new Uint8Array(this.#memory, filled, length - filled));
        if (value) this.#memory = value.buffer;
        if (done || !value)
          throw new Error('the file ends before its tensors do; it was changed while it was being read');
        filled += value.length;
      }
    } finally {
      underWay.delete(reader);
      reader.cancel().catch(() => {});
    }
    return new Uint8Array(this.#memory, 0, length);
  }
}

/**
 * A reader that fills memory it is given, where the browser has one.
 * @param {Blob} blob
 */
function intoMemory(blob) {
  try {
    return blob.stream().getReader({ mode: 'byob' });
  } catch {
    return null;
  }
}

/**
 * @param {Blob} blob
 * @param {number} start
 * @param {number} end
 */
export async function bytesOf(blob, start, end) {
  return new Uint8Array(await blob.slice(start, end).arrayBuffer());
}
