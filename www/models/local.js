// @ts-check
/**
 * Finds a model among files.
 *
 * @typedef {import('../types.js').ModelFiles} ModelFiles
 */

const WEIGHTS = /\.safetensors$/i;

/**
 * @param {{file: File, path: string}[]} files
 * @returns {ModelFiles | null}  null if none of the files is a part of a model
 * @throws {Error} if a part is missing or there is more than one
 */
export function findModel(files) {
  const weights = files.filter(({ path }) => WEIGHTS.test(path));
  if (weights.length === 0) {
    if (!one(files, 'config.json')) return null;
    throw new Error('config.json is there, but no .safetensors file with the weights; load both together.');
  }
  if (weights.length > 1) {
    const names = weights.map(({ path }) => baseName(path)).join(', ');
    throw new Error(`${weights.length} .safetensors files (${names}); load one model at a time.`);
  }
  const [{ file, path }] = weights;
  const config = one(files, 'config.json');
  if (!config) throw new Error(`${baseName(path)} came without config.json; load both together.`);
  return { weights: file, config, preprocessor: one(files, 'preprocessor_config.json'), name: nameOf(path), isBundled: false };
}

/**
 * @param {{file: File, path: string}[]} files
 * @param {string} name
 */
function one(files, name) {
  return files.find(({ path }) => baseName(path).toLowerCase() === name)?.file ?? null;
}

/** @param {string} path  the folder's name, else the file's without its ending */
function nameOf(path) {
  const folders = path.split('/').slice(0, -1);
  return folders.at(-1) ?? baseName(path).replace(WEIGHTS, '');
}

/** @param {string} path */
function baseName(path) {
  return path.split('/').at(-1) ?? path;
}
