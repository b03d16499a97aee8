// @ts-check
/**
 * How a GPU computes fastest: which kernel for linear layers, how many images at once. Adapters differ, so each option
 * is checked against the CPU and timed once per adapter and model, and the result is remembered.
 *
 * @typedef {import('./start-worker.js').Client} Client
 * @typedef {Pick<import('../model-types.js').LoadedInfo, 'imageSize' | 'largestActivation' | 'architecture' |
 *   'precision'>}
 *   TunedInfo   what the tuning depends on
 * @typedef {{kernel: string, batch: number, cosine: number, milliseconds: number, precision: string}} Tuning
 *   milliseconds: for each image of a batch; cosine: the lower one to the CPU's embeddings of two known images
 */
import { WorkerLost } from '../workers/messages.js';

/** Batch sizes that are tried, one after another, as long as each is faster by a tenth. */
const BATCHES = [4, 16];
/** Bytes that a tensor between two operations may take: half of what every adapter can bind. */
const MOST_BYTES = 2 ** 26;
/** Milliseconds per image above which larger batches are not tried: one image keeps the GPU busy. */
const BUSY_MS = 250;
/** What counts as faster. */
const GAIN = 0.9;
/** Kernels whose embeddings are less exact: these must be faster, not just as fast. */
const INEXACT = new Set(['shared-f16']);

/**
 * Sets the encoder to its fastest kernel; rejects if none is correct.
 *
 * @param {Client} client  with a model on the GPU
 * @param {TunedInfo} info
 * @param {Float32Array} trusted  the CPU's embeddings of the known images
 * @param {string} adapterName
 * @returns {Promise<Tuning>}
 */
export async function tune(client, info, trusted, adapterName) {
  const key = `webgpu ${adapterName} ${info.architecture} ${info.imageSize} ${info.precision}`;
  const known = recall(key);
  if (known) {
    const again = await check(client, info, trusted, known.kernel).catch(unlessLost);
    if (again) return { ...again, batch: known.batch, milliseconds: known.milliseconds };
  }
  const fastest = await fastestKernel(client, info, trusted);
  const tuning = await fastestBatch(client, info, fastest);
  remember(key, tuning);
  return tuning;
}

/**
 * @param {Client} client
 * @param {TunedInfo} info
 * @param {Float32Array} trusted
 * @returns {Promise<Tuning>}
 */
async function fastestKernel(client, info, trusted) {
  /** @type {Tuning | null} */
  let fastest = null;
  let failure = null;
  for (const kernel of await client.call('kernels', undefined)) {
    const found = await check(client, info, trusted, kernel).catch(
      (error) => ((failure = unlessLost(error) ?? error), null),
    );
    if (!found) continue;
    const gain = INEXACT.has(kernel) ? GAIN : 1;
    if (!fastest || found.milliseconds < fastest.milliseconds * gain) fastest = found;
  }
  if (!fastest) throw failure;
  await client.call('useKernel', { kernel: fastest.kernel });
  return fastest;
}

/**
 * @param {Client} client
 * @param {TunedInfo} info
 * @param {Float32Array} trusted
 * @param {string} kernel
 * @returns {Promise<Tuning>}
 */
async function check(client, { imageSize }, trusted, kernel) {
  const precision = await client.call('useKernel', { kernel });
  const { embeddings, milliseconds } = await client.call('check', { imageSize });
  const cosine = await client.call('agreement', { trusted, found: embeddings });
  return { kernel, batch: 1, cosine, milliseconds, precision };
}

/**
 * @param {Client} client
 * @param {TunedInfo} info
 * @param {Tuning} tuning
 */
async function fastestBatch(client, { imageSize, largestActivation }, tuning) {
  let best = tuning;
  for (const batch of BATCHES) {
    if (best.milliseconds > BUSY_MS || batch * largestActivation > MOST_BYTES) break;
    const milliseconds = await client.call('time', { imageSize, batch });
    if (milliseconds > best.milliseconds * GAIN) break;
    best = { ...best, batch, milliseconds };
  }
  return best;
}

/** @param {unknown} error @returns {null} */
function unlessLost(error) {
  if (error instanceof WorkerLost) throw error;
  return null;
}

/** @param {string} key @returns {Tuning | null} */
function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/**
 * @param {string} key
 * @param {Tuning} tuning
 */
function remember(key, tuning) {
  try {
    localStorage.setItem(key, JSON.stringify(tuning));
  } catch {
    // Storage may be full or forbidden; it is measured again then.
  }
}
