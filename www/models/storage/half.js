// @ts-check
/**
 * Stores a model's weights again as F16, in half the space, and measures what that changes.
 *
 * @typedef {import('../../package.js').Package} Package
 * @typedef {import('../../model-types.js').Model} Model
 */
import { bytesOf, planTower, readTower } from '../../encoder/tower.js';

/**
 * @param {Package} reid
 * @param {Model} model
 * @param {(bytes: Uint8Array, at: number) => void} write
 * @returns {Promise<number>}  bytes written
 * @throws {Error} if there is nothing to gain or a weight is too large for F16
 */
export async function writeHalf(reid, model, write) {
  const plan = await planTower(reid, model);
  const parts = plan.keptParts();
  const header = plan.halfHeader();
  plan.free();
  if (!parts.some((/** @type {{dtype: string}} */ { dtype }) => dtype === 'F32'))
    throw new Error('None of its weights are F32, so F16 would not be smaller.');
  write(header, 0);
  let at = header.length;
  for (const { name, dtype, start, end } of parts) {
    const half = reid.toHalf(name, dtype, await bytesOf(model.weights, start, end));
    write(half, at);
    at += half.length;
  }
  return at;
}

/**
 * The lowest cosine between the embeddings of the known images with one file of weights and with another, on the CPU.
 *
 * @param {Package} reid
 * @param {Model} model
 * @param {Blob} other  weights
 * @throws {Error} if they do not agree
 */
export async function cosineTo(reid, model, other) {
  const single = await embedKnown(reid, model);
  return reid.agreement(single, await embedKnown(reid, { ...model, weights: other }));
}

/**
 * @param {Package} reid
 * @param {Model} model
 */
async function embedKnown(reid, model) {
  const plan = await planTower(reid, model);
  const parts = plan.parts();
  const encoder = await readTower(reid.TowerBuilder.onCpu(plan), parts, model.weights, () => {});
  try {
    const [height, width] = encoder.info().imageSize;
    return await encoder.embedAsACheck(reid.knownImages(height, width));
  } finally {
    encoder.free();
  }
}
