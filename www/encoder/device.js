// @ts-check
/**
 * Loads a model on the device that is correct and fast: measured, not assumed.
 *
 * @typedef {import('../model-types.js').DeviceInfo} DeviceInfo
 * @typedef {import('./start-worker.js').Client} Client
 * @typedef {import('../model-types.js').LoadedInfo} LoadedInfo
 * @typedef {Pool<import('./worker.js').EncoderActions>} EncoderPool
 * @typedef {import('../model-types.js').Model} Model
 * @typedef {(progress: {stage: 'reading' | 'checking', done: number, total: number}) => void} OnProgress
 * @typedef {{pool: EncoderPool, info: LoadedInfo, model: Model, device: DeviceInfo, batch: number}} Loaded
 *   model: as CPU workers load it; batch: images that are encoded together
 * @typedef {import('./arithmetic.js').Check} Check
 */
import { messageOf } from '../events.js';
import { isBuilt } from '../package.js';
import { Pool } from '../workers/pool.js';
import { findAdapter } from './adapter.js';
import { inF32, isInEightBits, loadInArithmetic } from './arithmetic.js';
import { startWorker, startWorkerPatiently } from './start-worker.js';
import { tune } from './tuning.js';

/** Every CPU worker holds its own copy of the weights: together they stay below this share of the memory. */
const WEIGHTS_SHARE = 1 / 6;
/** GiB of memory where the browser does not tell, as Firefox and Safari: of touch devices, and of others. */
const PHONE_MEMORY = 3;
const DESKTOP_MEMORY = 8;
/** Larger towers are not held on both devices at once, in bytes. */
const LARGE = 128e6;
/** Images that one call encodes on the CPU: two fill the kernels' tiles better, more gain little. */
export const CPU_BATCH = 2;
/** Batches that a GPU has at the same time: the next one is there when one is finished. */
export const GPU_BATCHES = 2;
/** Encoders that take less time for an image gain nothing from WebGPU: decoding takes longer. */
const SWIFT_MS = 30;

/**
 * @param {'auto' | 'cpu' | 'webgpu'} preference
 * @param {Model} model
 * @param {OnProgress} onProgress
 * @param {AbortSignal} [signal]
 * @returns {Promise<Loaded>}
 */
export async function loadOnBestDevice(preference, model, onProgress, signal) {
  const adapter = preference === 'cpu' ? null : await findAdapter();
  const loadOnCpu = () =>
    loadInArithmetic(model, async (exactly) => {
      const cpu = await loadOn('cpu', exactly, onProgress, signal);
      /** @type {Check} */
      const check = await cpu.client.call('check', { imageSize: cpu.info.imageSize });
      return { ...cpu, check };
    });
  const cpu = await loadOnCpu();
  const whyCpu = reasonForCpu(preference, adapter, cpu.check.milliseconds);
  if (whyCpu) return useCpu(cpu, whyCpu);
  const isLarge = cpu.info.bytes > LARGE;
  if (isLarge) cpu.pool.stop();
  const backToCpu = async (/** @type {string} */ reason) => {
    return useCpu(isLarge ? await loadOnCpu() : cpu, reason);
  };
  try {
    if (!adapter) throw new Error('this browser offers no WebGPU adapter');
    const gpu = await loadOn('webgpu', cpu.model, onProgress, signal);
    const found = await compare(cpu, gpu, adapter.name);
    if (preference === 'auto' && found.ratio < 1) {
      gpu.pool.stop();
      return backToCpu(`${found.measured}.`);
    }
    cpu.pool.stop();
    return found.loaded;
  } catch (error) {
    const reason = messageOf(error);
    if (preference === 'auto' && !signal?.aborted) return backToCpu(`WebGPU was tried but is not used: ${reason}.`);
    cpu.pool.stop();
    throw signal?.aborted ? signal.reason : new Error(`?device=webgpu was requested, but ${reason}`);
  }
}

/**
 * A worker with the model on the CPU, to take over when WebGPU is lost.
 *
 * @param {Model} model
 */
export async function startCpuWorker(model) {
  const client = await startWorker('cpu');
  await client.call('load', { ...model, device: 'cpu' });
  return client;
}

/** @param {number} bytes  of the weights */
export function cpuWorkers(bytes) {
  const assumed = navigator.maxTouchPoints > 0 ? PHONE_MEMORY : DESKTOP_MEMORY;
  const { deviceMemory = assumed } = /** @type {{deviceMemory?: number}} */ (navigator);
  const copies = Math.floor((deviceMemory * 2 ** 30 * WEIGHTS_SHARE) / bytes);
  return Math.max(1, Math.min(navigator.hardwareConcurrency || 2, copies));
}

/**
 * @param {'auto' | 'cpu' | 'webgpu'} preference
 * @param {Awaited<ReturnType<typeof findAdapter>>} adapter
 * @param {number} milliseconds  that the CPU takes for an image
 */
function reasonForCpu(preference, adapter, milliseconds) {
  if (preference === 'cpu') return 'Requested by ?device=cpu.';
  if (preference === 'webgpu') return null;
  if (!isBuilt('gpu')) return 'The WebGPU package is still being built. Reload the page later.';
  if (!adapter) return 'This browser offers no WebGPU adapter.';
  if (adapter.isSoftware) return `WebGPU runs in software here (${adapter.name}) and would be slower than the CPU.`;
  if (milliseconds < SWIFT_MS)
    return `The CPU processes an image in ${milliseconds.toFixed(0)} ms, less time than decoding takes.`;
  return null;
}

/**
 * One worker with the model.
 *
 * @param {'cpu' | 'webgpu'} kind
 * @param {Model} model
 * @param {OnProgress} onProgress
 * @param {AbortSignal} [signal]
 * @returns {Promise<{pool: EncoderPool, info: LoadedInfo, client: Client}>}
 */
async function loadOn(kind, model, onProgress, signal) {
  const client = kind === 'webgpu' ? await startWorker('gpu') : await startWorkerPatiently(signal);
  const stop = () => client.terminate();
  signal?.addEventListener('abort', stop);
  try {
    signal?.throwIfAborted();
    const info = await client.call(
      'load',
      { ...model, device: kind },
      {
        onProgress: ({ done, total }) => onProgress({ stage: 'reading', done, total }),
      },
    );
    onProgress({ stage: 'checking', done: info.bytes, total: info.bytes });
    const pool = new Pool(async () => client);
    pool.jobsAtOnce = kind === 'webgpu' ? GPU_BATCHES : 1;
    await pool.grow(1);
    return { pool, info, client };
  } catch (error) {
    client.terminate();
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * Uses the one worker that there is; `device.workers` says how many there may be.
 *
 * @param {import('./arithmetic.js').Checked & {model: Model}} cpu
 * @param {string} reason
 * @returns {Loaded}
 */
function useCpu({ pool, info, check, model }, reason) {
  pool.create = () => startCpuWorker(model);
  const workers = cpuWorkers(info.bytes);
  const { milliseconds } = check;
  // Cores are counted by the browser, and WebKit guesses: what several workers do is not several times what one does.
  const imagesPerSecond = workers === 1 ? 1000 / milliseconds : null;
  return {
    pool,
    info,
    model,
    device: { kind: 'cpu', name: 'CPU', workers, imagesPerSecond, milliseconds, reason },
    batch: CPU_BATCH,
  };
}

/**
 * Compares the two devices; an error if their embeddings do not agree.
 *
 * @param {{info: LoadedInfo, check: Check, model: Model}} cpu  its check; it may have been stopped
 * @param {Awaited<ReturnType<typeof loadOn>>} gpu
 * @param {string} adapterName
 * @returns {Promise<{ratio: number, measured: string, loaded: Loaded}>}
 */
async function compare(cpu, gpu, adapterName) {
  try {
    const { batch, cosine, milliseconds, precision } = await tune(
      gpu.client,
      gpu.info,
      cpu.check.embeddings,
      adapterName,
    );
    const workers = cpuWorkers(cpu.info.bytes);
    const ratio = cpu.check.milliseconds / milliseconds / workers;
    const onCpu = `${cpu.check.milliseconds.toFixed(1)} ms per image${workers > 1 ? ` on each of ${workers} workers` : ''}`;
    const measured = `The CPU takes ${onCpu}, WebGPU (${adapterName}) ${milliseconds.toFixed(1)} ms`;
    // A GPU computes with floats: if the CPU has to take over, it does so too.
    const model = isInEightBits(cpu.model) ? inF32(cpu.model) : cpu.model;
    gpu.pool.create = () => startCpuWorker(model);
    const reason = `${measured}; its embeddings agree (cosine ${cosine.toFixed(5)}).`;
    /** @type {DeviceInfo} */
    const device = {
      kind: 'webgpu',
      name: adapterName,
      workers: 1,
      imagesPerSecond: 1000 / milliseconds,
      milliseconds,
      reason,
    };
    return { ratio, measured, loaded: { pool: gpu.pool, info: { ...gpu.info, precision }, model, device, batch } };
  } catch (error) {
    gpu.pool.stop();
    throw error;
  }
}
