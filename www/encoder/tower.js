// @ts-check
/**
 * Reads the image tower of a safetensors file, tensor by tensor: never more than one of them is in memory
 * beside the encoder.
 *
 * @typedef {typeof import('../pkg/gpu/reid_web.js')} Package
 * @typedef {{name: string, dtype: string, start: number, end: number}} Part
 */

/**
 * @param {Package} reid
 * @param {import('../pkg/gpu/reid_web.js').TowerBuilder} builder  used up
 * @param {Blob} weights
 * @param {(progress: {done: number, total: number}) => void} onProgress  in bytes
 */
export async function readTower(reid, builder, weights, onProgress) {
  try {
    const prefix = await bytesOf(weights, 0, 8);
    const header = await bytesOf(weights, 0, reid.headerLength(prefix, weights.size));
    /** @type {Part[]} */
    const parts = builder.wanted(header, weights.size);
    const total = parts.reduce((sum, { start, end }) => sum + end - start, 0);
    let done = 0;
    for (const { name, dtype, start, end } of parts) {
      builder.insert(name, dtype, await bytesOf(weights, start, end));
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
 * @param {Blob} blob
 * @param {number} start
 * @param {number} end
 */
async function bytesOf(blob, start, end) {
  return new Uint8Array(await blob.slice(start, end).arrayBuffer());
}
