// @ts-check
/**
 * Reads the image tower of a weight file, tensor by tensor: never more than one of them is in memory
 * beside the encoder.
 *
 * @typedef {typeof import('../pkg/gpu/reid_web.js')} Package
 * @typedef {{name: string, dtype: string, start: number, end: number}} Part
 */

/**
 * Finds out what a weight file holds, from a few pieces of it.
 *
 * @param {Package} reid
 * @param {import('../types.js').Model} model
 */
export async function planTower(reid, { weights, config, choices }) {
  const reader = new reid.CheckpointReader(weights.size);
  try {
    for (let span = reader.next(); span; span = reader.next()) {
      reader.give(await bytesOf(weights, span.start, span.end));
    }
  } catch (error) {
    reader.free();
    throw error;
  }
  return new reid.TowerPlan(reader, config ?? undefined, choices ? JSON.stringify(choices) : undefined);
}

/**
 * @param {import('../pkg/gpu/reid_web.js').TowerBuilder} builder  used up
 * @param {Part[]} parts  of the plan that the builder was made with
 * @param {Blob} weights
 * @param {(progress: {done: number, total: number}) => void} onProgress  in bytes
 */
export async function readTower(builder, parts, weights, onProgress) {
  const total = parts.reduce((sum, { start, end }) => sum + end - start, 0);
  let done = 0;
  try {
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
