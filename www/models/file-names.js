// @ts-check
/** What the files of a model are called. */

/**
 * What to do with the pixels: transformers 5 writes the first, where it is the `image_processor`, before that the
 * second.
 */
export const PREPROCESSORS = ['processor_config.json', 'preprocessor_config.json'];
/** What a stored model's is called, whichever it was. */
export const PREPROCESSOR = PREPROCESSORS[1];
/** Configurations: transformers' and OpenCLIP's. */
export const CONFIGS = ['config.json', 'open_clip_config.json'];
/** Weight files in repositories, in the order in which they are looked for. */
export const WEIGHTS = [
  'model.safetensors',
  'open_clip_model.safetensors',
  'open_clip_pytorch_model.safetensors',
  'pytorch_model.bin',
  'open_clip_pytorch_model.bin',
];
/** Bytes that are read of a file whose name does not say what it is. */
const HEAD_BYTES = 64;
/** What trainers store next to the weights. */
const OF_TRAINERS =
  /(^|[^a-z0-9])(optim|optimizers?|schedulers?|scaler|sampler)([^a-z0-9]|$)|^(training_args|trainer_state|rng_state|random_states)/;

/**
 * The configurations that may belong to a weight file, the more likely one first: a repository can contain the same
 * model twice, OpenCLIP's version and transformers'.
 *
 * @param {string} weights  its name
 */
export function configsFor(weights) {
  return /open_clip/i.test(weights) ? [...CONFIGS].reverse() : CONFIGS;
}

/**
 * What a file is by its name; 'perhaps' if its first bytes must tell, null if it cannot be a model's weights. As
 * `weight_name` in src/weights/file_names.rs.
 *
 * @param {string} name  without folders
 * @returns {'weights' | 'perhaps' | null}
 */
export function weightName(name) {
  const [, stem, ending] = /^(.*)\.([^.]*)$/.exec(name.toLowerCase()) ?? [];
  if (ending === undefined || OF_TRAINERS.test(`${stem}.`)) return null;
  const kind = ending.split(/[-_]/)[0];
  if (['safetensors', 'pt', 'pth'].includes(kind) || (kind === 'bin' && stem.includes('model'))) return 'weights';
  return ['bin', 'ckpt', 'pkl', 'pickle', 'tar'].includes(kind) ? 'perhaps' : null;
}

/**
 * Whether a file is a model's weights, by its name or, where that does not say, by its first bytes: a safetensors
 * file, or one of torch, whose archives hold all in a folder.
 *
 * @param {File} file
 */
export async function isWeights(file) {
  const kind = weightName(file.name);
  if (kind !== 'perhaps') return kind === 'weights';
  const head = new Uint8Array(
    await file
      .slice(0, HEAD_BYTES)
      .arrayBuffer()
      .catch(() => new ArrayBuffer(0)),
  );
  const text = String.fromCharCode(...head);
  if (text.startsWith('PK\x03\x04')) return text.slice(30, 30 + head[26] + 256 * head[27]).includes('/');
  return (
    text.slice(6, 9) === '\0\0{' ||
    (text.startsWith('\x80') && text.includes('\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19'))
  );
}

/**
 * The names of all parts of a model of which one is called so; null if it is a whole one.
 *
 * @param {string} name  "model-00001-of-00002.safetensors"
 * @returns {string[] | null}
 */
export function partsOf(name) {
  const [, stem, number, count, ending] = /^(.*)-(\d{5})-of-(\d{5})(\.[^.]+)$/.exec(name) ?? [];
  if (!ending || Number(number) < 1 || Number(number) > Number(count)) return null;
  return Array.from(
    { length: Number(count) },
    (_, index) => `${stem}-${String(index + 1).padStart(5, '0')}-of-${count}${ending}`,
  );
}

/**
 * Whether a processor_config.json says what to do with the pixels: older versions wrote some that do not.
 * A text that is not JSON is not passed over: its reader says what is wrong.
 * @param {string} text
 */
export function saysPixels(text) {
  try {
    return Boolean(JSON.parse(text).image_processor);
  } catch {
    return true;
  }
}
