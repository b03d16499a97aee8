// @ts-check
/** What the files of a model are called. */

export const PREPROCESSOR = 'preprocessor_config.json';
/** Configurations: transformers' and OpenCLIP's. */
export const CONFIGS = ['config.json', 'open_clip_config.json'];
/** Weight files in repositories, the ones to look for first first. */
export const WEIGHTS = [
  'model.safetensors', 'open_clip_model.safetensors', 'open_clip_pytorch_model.safetensors',
  'pytorch_model.bin', 'open_clip_pytorch_model.bin',
];

/**
 * The configurations that may belong to a weight file, the likelier one first: a repository can hold the same model
 * twice, OpenCLIP's version and transformers'.
 *
 * @param {string} weights  its name
 */
export function configsFor(weights) {
  return /open_clip/i.test(weights) ? [...CONFIGS].reverse() : CONFIGS;
}
