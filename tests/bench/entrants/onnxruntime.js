// @ts-check
/** onnxruntime-web as its documentation says to use it. */

const DIST = '/peers/onnxruntime-web/dist/';

/**
 * @param {import('../page.js').Model} model
 * @param {import('../page.js').Setting} setting
 */
export async function load({ url, side }, { device, threads, dtype }) {
  const ort = await import(`${DIST}${device === 'webgpu' ? 'ort.webgpu.min.mjs' : 'ort.wasm.min.mjs'}`);
  ort.env.wasm.wasmPaths = DIST;
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = 'error';
  const file = `${url}/onnx/vision_model${dtype === 'q8' ? '_quantized' : ''}.onnx`;
  const bytes = new Uint8Array(await (await fetch(file)).arrayBuffer());
  const executionProviders = [device === 'webgpu' ? 'webgpu' : 'wasm'];
  const session = await ort.InferenceSession.create(bytes, { executionProviders, graphOptimizationLevel: 'all' });
  const embed = async (/** @type {Float32Array} */ pixels) => {
    const shape = [pixels.length / (3 * side * side), 3, side, side];
    const outputs = await session.run({ pixel_values: new ort.Tensor('float32', pixels, shape) });
    return outputs.image_embeds.getData();
  };
  return { embed, workers: threads, close: () => session.release() };
}
