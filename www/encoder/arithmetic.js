// @ts-check
/**
 * The CPU's precision: F32, or integers where those were chosen and their embeddings agree with F32's.
 *
 * @typedef {import('../model-types.js').Model} Model
 * @typedef {{embeddings: Float32Array, milliseconds: number}} Check
 * @typedef {{pool: import('../workers/pool.js').Pool<import('./worker.js').EncoderActions>,
 *   info: import('../model-types.js').LoadedInfo,
 *   client: import('./start-worker.js').Client, check: Check}} Checked
 */
import { messageOf } from '../events.js';
import { WorkerLost } from '../workers/messages.js';

/**
 * Loads a model on the CPU. With integers it is loaded twice, one worker after the other: a worker does not give
 * back the memory that it took for F32.
 *
 * @param {Model} model
 * @param {(model: Model) => Promise<Checked>} load
 * @returns {Promise<Checked & {model: Model}>}
 *   the model with the arithmetic in use; the embeddings of `check` are F32's
 */
export async function loadInArithmetic(model, load) {
  const exactModel = inF32(model);
  const exact = { ...(await load(exactModel)), model: exactModel };
  if (!isInEightBits(model) || !exact.info.assumptions.some(isOfArithmetic)) return exact;
  exact.pool.stop();
  const integers = await load(model);
  try {
    const cosine = await integers.client.call('agreement', {
      trusted: exact.check.embeddings,
      found: integers.check.embeddings,
    });
    const times = exact.check.milliseconds / integers.check.milliseconds;
    const found =
      `Here it is ${times.toFixed(1)} times as fast; the embeddings of two generated images have a cosine of ` +
      `${cosine.toFixed(5)} to those of F32. Your own images are compared as they are processed.`;
    const { milliseconds } = integers.check;
    return { ...integers, info: explained(integers.info, found), check: { ...exact.check, milliseconds }, model };
  } catch (error) {
    integers.pool.stop();
    if (error instanceof WorkerLost) throw error;
    const again = await load(exactModel);
    const reason = messageOf(error);
    return { ...again, info: explained(again.info, `8-bit was tried but is not used: ${reason}.`), model: exactModel };
  }
}

/**
 * The same model in F32.
 *
 * @param {Model} model
 * @returns {Model}
 */
export function inF32(model) {
  return { ...model, choices: { ...model.choices, arithmetic: 'f32' } };
}

/** @param {Model} model */
export function isInEightBits({ choices }) {
  return choices?.arithmetic === 'i8';
}

/**
 * The facts about a model, with one more sentence about its arithmetic.
 *
 * @template {{assumptions: import('../model-types.js').Assumption[]}} T
 * @param {T} info
 * @param {string} sentence
 * @returns {T}
 */
function explained(info, sentence) {
  const assumptions = info.assumptions.map((assumption) =>
    isOfArithmetic(assumption) ? { ...assumption, reason: `${assumption.reason} ${sentence}` } : assumption,
  );
  return { ...info, assumptions };
}

/**
 * The facts about a model, with what was found about its arithmetic since it was loaded.
 *
 * @template {{assumptions: import('../model-types.js').Assumption[]}} T
 * @param {T} info
 * @param {string} finding  takes the place of the one before
 * @returns {T}
 */
export function withFinding(info, finding) {
  const assumptions = info.assumptions.map((assumption) =>
    isOfArithmetic(assumption) ? { ...assumption, finding } : assumption,
  );
  return { ...info, assumptions };
}

/** @param {import('../model-types.js').Assumption} assumption */
function isOfArithmetic({ field }) {
  return field === 'arithmetic';
}
