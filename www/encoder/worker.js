// @ts-check
/**
 * One instance of the WebAssembly package: decodes and preprocesses images, or contains an encoder.
 *
 * @typedef {import('../package.js').Package} Package
 * @typedef {import('../model-types.js').PreprocessorSettings} PreprocessorSettings
 * @typedef {[number, number]} Size   height and width
 */
import { loadPackage } from '../package.js';
import { Fatal, serve, Transferred } from '../workers/messages.js';
import { offerBestAdapter } from './adapter.js';
import { openImage } from './pictures/open-image.js';
import { toJpeg } from './pictures/thumbnail.js';
import { planTower, readTower } from './tower.js';

/** @type {Package} */
let reid;
/** @type {import('../pkg/gpu/reid_web.js').Encoder | null} */
let encoder = null;
/** @type {import('../pkg/gpu/reid_web.js').EightBitCheck | null} */
let eightBitCheck = null;
/** @type {{key: string, preprocessor: import('../pkg/gpu/reid_web.js').Preprocessor} | null} */
let latest = null;

/** What the page can ask for. */
const actions = {
  /**
   * Loads the package.
   * @param {{name: 'cpu' | 'gpu'}} args
   */
  async start({ name }) {
    if (name === 'gpu') offerBestAdapter();
    reid = await loadPackage(name);
  },

  /**
   * Streams a checkpoint into an encoder.
   *
   * @param {import('../model-types.js').Model & {device: 'cpu' | 'webgpu'}} args
   * @param {(read: {done: number, total: number}) => void} onProgress  bytes
   * @returns {Promise<import('../model-types.js').LoadedInfo>}  its shape and size, and what was concluded about it
   */
  async load({ device, ...model }, onProgress) {
    encoder?.free();
    encoder = null;
    const plan = await planTower(reid, model);
    const described = plan.info();
    const parts = plan.parts();
    const builder = device === 'webgpu' ? await reid.TowerBuilder.onWebGpu(plan) : reid.TowerBuilder.onCpu(plan);
    encoder = await readTower(builder, parts, model.weights, onProgress);
    return { ...encoder.info(), ...described };
  },

  /**
   * What `prepare` does with these settings, in words.
   * @param {{settings: PreprocessorSettings}} args
   */
  describe({ settings }) {
    return preprocessorFor(settings).description;
  },

  /**
   * Decodes a file; makes a thumbnail and, with `settings`, the encoder's input. `memory`: bytes that this worker has
   * taken.
   * @param {{file: Blob, thumbnailSide: number, settings: PreprocessorSettings | null}} args
   */
  async prepare({ file, thumbnailSide, settings }) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const image = await openImage(reid, file, bytes);
    try {
      const { width, height } = image;
      const pixels = settings ? preprocessorFor(settings).pixels(image) : null;
      const thumbnail = await toJpeg(image, bytes, thumbnailSide);
      const content = await checksum(bytes);
      const memory = (await reid.default()).memory.buffer.byteLength;
      return new Transferred({ width, height, thumbnail, content, pixels, memory }, pixels ? [pixels.buffer] : []);
    } finally {
      image.free();
    }
  },

  /**
   * Embeds one image or a batch, `[B, 3, H, W]` → `[B, D]`.
   * @param {{pixels: Float32Array, cameras: string[]}} args
   */
  async encode({ pixels, cameras }) {
    const embedding = await loaded().embed(pixels, cameras).catch(endIfDeviceFailed);
    return new Transferred(embedding, [embedding.buffer]);
  },

  /**
   * Embeds the known images of the self-check, twice: the first run compiles.
   * @param {{imageSize: Size}} args
   */
  async check({ imageSize: [height, width] }) {
    const pixels = reid.knownImages(height, width);
    const one = pixels.slice(0, pixels.length / 2);
    const embeddings = await loaded().embedAsACheck(pixels);
    const start = performance.now();
    await loaded().embedAsACheck(one);
    return { embeddings, milliseconds: performance.now() - start };
  },

  /** The names of the kernels that the encoder can use. */
  kernels() {
    return loaded().kernels();
  },

  /**
   * Takes one of them from now on. Answers the number formats of weights and arithmetic.
   * @param {{kernel: string}} args
   */
  useKernel({ kernel }) {
    return loaded().setKernel(kernel);
  },

  /**
   * Milliseconds for each image of a batch.
   * @param {{imageSize: Size, batch: number}} args
   */
  async time({ imageSize: [height, width], batch }) {
    const pixels = reid.knownImages(height, width);
    const images = new Float32Array((batch * pixels.length) / 2);
    for (let at = 0; at < images.length; at += pixels.length) images.set(pixels, at);
    await loaded().embedAsACheck(images);
    const start = performance.now();
    await loaded().embedAsACheck(images);
    return (performance.now() - start) / batch;
  },

  /**
   * Whether an image has to be compared with F32, by its embedding in 8 bits; asked once for each image.
   * @param {{found: Float32Array}} args
   */
  wantsComparison({ found }) {
    eightBitCheck ??= new reid.EightBitCheck();
    return eightBitCheck.wants(found);
  },

  /**
   * Takes both embeddings of an image. Answers what was found so far, and why 8 bits are not good enough, if so.
   * @param {{name: string, exact: Float32Array, found: Float32Array}} args
   */
  compare({ name, exact, found }) {
    eightBitCheck ??= new reid.EightBitCheck();
    eightBitCheck.compare(name, exact, found);
    return { refusal: eightBitCheck.refusal(), summary: eightBitCheck.summary() };
  },

  /**
   * The cosine between two devices' embeddings of the known images, or an error.
   * @param {{trusted: Float32Array, found: Float32Array}} args
   */
  agreement({ trusted, found }) {
    return reid.agreement(trusted, found);
  },
};
serve(actions);

/** @typedef {typeof actions} EncoderActions */

/** @param {PreprocessorSettings} settings */
function preprocessorFor({ json, trainedSize, imageSize }) {
  const key = `${trainedSize} ${imageSize} ${json}`;
  if (latest?.key !== key) {
    const preprocessor = new reid.Preprocessor(json, new Uint32Array(trainedSize), new Uint32Array(imageSize));
    latest?.preprocessor.free();
    latest = { key, preprocessor };
  }
  return latest.preprocessor;
}

/**
 * SHA-256 in hexadecimal. A page that was not served securely has no cryptography of the browser's.
 * @param {Uint8Array<ArrayBuffer>} bytes
 */
async function checksum(bytes) {
  if (!crypto.subtle) {
    const hash = new reid.Sha256();
    hash.update(bytes);
    return hash.finish();
  }
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {Error} error @returns {never} */
function endIfDeviceFailed(error) {
  throw error.name === 'DeviceError' ? new Fatal(error.message) : error;
}

function loaded() {
  if (!encoder) throw new Error('no model is loaded');
  return encoder;
}
