// @ts-check
/** @huggingface/transformers, from a local folder and with a local runtime. */
import * as library from '/peers/@huggingface/transformers/dist/transformers.min.js';

const { AutoProcessor, CLIPVisionModelWithProjection, RawImage, Tensor, env } = library;
Object.assign(env, {
  allowLocalModels: true,
  allowRemoteModels: false,
  localModelPath: '/made/models/',
  useBrowserCache: false,
  useWasmCache: false,
});

/**
 * @param {import('../page.js').Model} model
 * @param {import('../page.js').Setting} setting
 */
export async function load({ name, side }, setting) {
  const model = await open(name, setting);
  const embed = async (/** @type {Float32Array} */ pixels) => {
    const shape = [pixels.length / (3 * side * side), 3, side, side];
    const { image_embeds } = await model({ pixel_values: new Tensor('float32', pixels, shape) });
    return image_embeds.data;
  };
  return { embed, workers: setting.threads, close: () => model.dispose() };
}

/**
 * One photo after the other: the library has no pipeline of its own that overlaps them.
 *
 * @param {import('../page.js').Model} model
 * @param {import('../page.js').Setting} setting
 */
export async function openFolder({ name }, setting) {
  const [model, processor] = await Promise.all([open(name, setting), AutoProcessor.from_pretrained(name)]);
  const embedAll = async (/** @type {Blob[]} */ photos) => {
    const embeddings = [];
    for (const photo of photos) {
      const { image_embeds } = await model(await processor(await RawImage.fromBlob(photo)));
      embeddings.push(image_embeds.data);
    }
    return embeddings;
  };
  return { embedAll };
}

/**
 * @param {string} name
 * @param {import('../page.js').Setting} setting
 */
function open(name, { device, threads, dtype }) {
  const { wasm } = env.backends.onnx;
  Object.assign(wasm, {
    wasmPaths: '/peers/@huggingface/transformers/node_modules/onnxruntime-web/dist/',
    numThreads: threads,
    proxy: false,
  });
  return CLIPVisionModelWithProjection.from_pretrained(name, {
    dtype,
    device: device === 'webgpu' ? 'webgpu' : 'wasm',
  });
}
