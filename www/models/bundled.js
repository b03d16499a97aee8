// @ts-check
/** The encoder that comes with the page: a small CLIP image tower that only knows drawn hands. */
import { ownFile } from '../own-file.js';

const FOLDER = 'models/drawn-hands/';

const LICENCE = 'MIT or Apache-2.0, like this page';

export const BUNDLED_NAME = 'Drawn hands';

/**
 * @param {AbortSignal} signal
 * @returns {Promise<import('../model-types.js').ModelFiles>}
 */
export async function fetchBundled(signal) {
  const names = ['model.safetensors', 'config.json', 'preprocessor_config.json'];
  const [weights, config, preprocessor] = await Promise.all(names.map((name) => ownFile(FOLDER + name, signal)));
  return { weights, config, preprocessor, choices: null, name: BUNDLED_NAME, isBundled: true, licence: LICENCE };
}
