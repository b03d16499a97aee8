// @ts-check
/** The page's own workers and packages. */
import { EncoderClient } from '/www/encoder/client.js';
import { cpuWorkers } from '/www/encoder/device.js';
import { startWorker } from '/www/encoder/start-worker.js';
import { tune } from '/www/encoder/tuning.js';

/**
 * @param {import('../page.js').Model} model
 * @param {import('../page.js').Setting} setting
 */
export async function load({ url, pixelCount }, { device, threads, dtype }) {
  const [weights, config] = await files(url);
  // As many workers as the page would start: each has its own copy of the weights.
  const count = device === 'webgpu' || threads === 1 ? 1 : cpuWorkers(weights.size);
  const workers = await Promise.all(
    Array.from({ length: count }, async () => {
      const worker = await startWorker(device === 'webgpu' ? 'gpu' : 'cpu');
      const info = await worker.call('load', { weights, config: await config.text(), choices: choices(dtype), device });
      if (device === 'webgpu') await fastest(worker, info);
      return worker;
    }),
  );
  /** A batch is dealt out to the workers; a single image keeps one of them busy. */
  const embed = async (/** @type {Float32Array} */ pixels) => {
    const share = Math.ceil(pixels.length / pixelCount / count) * pixelCount;
    const parts = workers.map((worker, index) => ({
      worker,
      pixels: pixels.slice(index * share, (index + 1) * share),
    }));
    const busy = parts.filter((part) => part.pixels.length > 0);
    const encode = (/** @type {typeof parts[number]} */ { worker, pixels }) =>
      worker.call('encode', { pixels }, { transfer: [pixels.buffer] });
    const found = await Promise.all(busy.map(encode));
    return found.flatMap((embeddings) => [...embeddings]);
  };
  return { embed, workers: count, close: () => workers.forEach((worker) => worker.terminate()) };
}

/**
 * As the page does on an adapter that it does not know; what to compare with is the first kernel here, not the CPU.
 *
 * @param {import('/www/encoder/start-worker.js').Client} worker
 * @param {any} info
 */
async function fastest(worker, info) {
  const { embeddings } = await worker.call('check', { imageSize: info.imageSize });
  await tune(worker, info, embeddings, 'benchmark');
}

/**
 * The whole of the page's pipeline, thumbnails included.
 *
 * @param {import('../page.js').Model} model
 * @param {import('../page.js').Setting} setting
 */
export async function openFolder({ url }, { device, dtype }) {
  const [weights, config, preprocessor] = await files(url);
  const client = new EncoderClient({ device });
  const file = (/** @type {Blob} */ blob, /** @type {string} */ name) => new File([blob], name);
  await client.load({
    weights: file(weights, 'model.safetensors'),
    config: file(config, 'config.json'),
    preprocessor: file(preprocessor, 'preprocessor_config.json'),
    choices: choices(dtype),
    name: 'benchmark',
    isBundled: false,
  });
  // Loading is measured elsewhere, and the peer has all of its threads by now.
  await client.complete;
  return {
    embedAll: (/** @type {Blob[]} */ photos) =>
      Promise.all(photos.map(async (photo) => (await client.embed(photo)).embedding)),
  };
}

/** @param {'fp32' | 'q8'} dtype */
function choices(dtype) {
  return dtype === 'q8' ? { arithmetic: 'i8' } : null;
}

/** @param {string} url */
function files(url) {
  const names = ['model.safetensors', 'config.json', 'preprocessor_config.json'];
  return Promise.all(names.map(async (name) => (await fetch(`${url}/${name}`)).blob()));
}
