// @ts-check
/**
 * Finds a model among files.
 *
 * @typedef {import('../types.js').ModelFiles} ModelFiles
 */
import { CONFIGS, configsFor, PREPROCESSOR } from './file-names.js';

const WEIGHTS = /\.(safetensors|pt|pth|bin)$/i;

/**
 * Weights may come alone; then their shapes tell the configuration.
 *
 * @param {{file: File, path: string}[]} files
 * @returns {ModelFiles | null}  null if none of the files is a part of a model
 * @throws {Error} if the weights are missing or there is more than one file of them
 */
export function findModel(files) {
  const weights = files.filter(({ path }) => WEIGHTS.test(path));
  if (weights.length === 0) {
    const config = CONFIGS.find((name) => one(files, name));
    if (!config) return null;
    throw new Error(`${config} is there, but no file with the weights (.safetensors, .pt, .pth or .bin); load both together.`);
  }
  if (weights.length > 1) {
    const names = weights.map(({ path }) => baseName(path)).join(', ');
    throw new Error(`${weights.length} weight files (${names}); load one model at a time.`);
  }
  const [{ file, path }] = weights;
  return {
    weights: file,
    config: findConfig(files, baseName(path)),
    preprocessor: one(files, PREPROCESSOR),
    choices: null,
    name: nameOf(path),
    isBundled: false,
  };
}

/**
 * @param {{file: File, path: string}[]} files
 * @param {string} weights  their file's name
 */
function findConfig(files, weights) {
  return configsFor(weights).map((name) => one(files, name)).find(Boolean) ?? null;
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
