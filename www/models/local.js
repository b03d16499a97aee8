// @ts-check
/**
 * Finds a model among files.
 *
 * @typedef {import('../model-types.js').ModelFiles} ModelFiles
 * @typedef {{file: File, path: string}} Named
 * @typedef {{folder: string, parts: string[], index: string | null}} Candidate   parts: names, in the order of reading
 */
import { Slices } from '../scheduling/slices.js';
import { CONFIGS, PREPROCESSORS, configsFor, isWeights, partsOf, saysPixels } from './file-names.js';

const INDEX = /\.index\.json$/i;

/**
 * Weights may come alone; then the configuration is inferred from their shapes. Several files may be parts of one
 * model.
 *
 * @param {Named[]} files
 * @returns {Promise<{model: ModelFiles, taken: File[]} | null>}  null if none of the files is a part of a model
 * @throws {Error} if the weights are missing or there is more than one model
 */
export async function findModel(files) {
  const candidates = await findCandidates(files);
  if (candidates.length === 0) {
    const names = new Set();
    await new Slices().each(files, ({ path }) => void names.add(baseName(path).toLowerCase()));
    const config = CONFIGS.find((name) => names.has(name));
    if (!config) return null;
    throw new Error(
      `There is a ${config}, but no file with the weights (.safetensors, .pt, .pth, .bin, .ckpt or .pth.tar); ` +
        'load both together.',
    );
  }
  if (candidates.length > 1) {
    const names = candidates.map(({ parts }) => parts[0]).join(', ');
    throw new Error(`There are ${candidates.length} weight files (${names}); load one model at a time.`);
  }
  return modelOf(files, candidates[0]);
}

/**
 * The files that are weights of a model.
 * @param {Named[]} files
 */
export async function weightFiles(files) {
  /** @type {Named[]} */
  const weights = [];
  await new Slices().some(files, async (some) => {
    const are = await Promise.all(some.map(({ file }) => isWeights(file)));
    weights.push(...some.filter((_, index) => are[index]));
  });
  return weights;
}

/** @param {Named[]} files @returns {Promise<Candidate[]>} */
async function findCandidates(files) {
  /** @type {Candidate[]} */
  const found = [];
  for (const { file, path } of files.filter(({ path }) => INDEX.test(path))) {
    const parts = await readIndex(file);
    if (parts) found.push({ folder: folderOf(path), parts, index: baseName(path) });
  }
  for (const { path } of await weightFiles(files)) {
    const [folder, name] = [folderOf(path), baseName(path)];
    if (found.some((one) => one.folder === folder && one.parts.includes(name))) continue;
    found.push({ folder, parts: partsOf(name) ?? [name], index: null });
  }
  return found;
}

/**
 * The files that an index of a model's parts names; null if it is none.
 * @param {File} file
 */
async function readIndex(file) {
  try {
    const { weight_map: map } = JSON.parse(await file.text());
    const parts = [...new Set(Object.values(map).map(String))].sort();
    return parts.length > 0 ? parts : null;
  } catch {
    return null;
  }
}

/**
 * @param {Named[]} files
 * @param {Candidate} candidate
 */
async function modelOf(files, { folder, parts, index }) {
  const beside = files.filter(({ path }) => folderOf(path) === folder);
  const named = (/** @type {string} */ name) =>
    beside.find(({ path }) => baseName(path).toLowerCase() === name.toLowerCase())?.file ?? null;
  const weights = parts.map((name) => {
    const file = named(name);
    if (!file)
      throw new Error(`${name} is missing: the model has ${parts.length} parts, which must be loaded together.`);
    return file;
  });
  const config = configsFor(parts[0]).map(named).find(Boolean) ?? null;
  const preprocessor = await preprocessorOf(named);
  /** @type {ModelFiles} */
  const model = {
    ...joined(weights),
    config,
    preprocessor,
    choices: null,
    name: nameOf(folder, parts[0]),
    isBundled: false,
  };
  const taken = [...weights, config, preprocessor, index === null ? null : named(index)].filter(
    (file) => file !== null,
  );
  return { model, taken };
}

/**
 * Several files as one in which each follows the one before; no bytes are copied.
 * @param {File[]} files
 */
function joined(files) {
  if (files.length === 1) return { weights: files[0] };
  const parts = files.map(({ name, size }) => ({ name, size }));
  return { weights: new File(files, `${files[0].name} and ${files.length - 1} more`), parts };
}

/** @param {(name: string) => File | null} named */
async function preprocessorOf(named) {
  for (const name of PREPROCESSORS) {
    const file = named(name);
    if (file && (name !== PREPROCESSORS[0] || saysPixels(await file.text()))) return file;
  }
  return null;
}

/**
 * The folder's name, else the file's without its ending.
 * @param {string} folder
 * @param {string} name
 */
function nameOf(folder, name) {
  return folder.split('/').at(-1) || name.replace(/\.[^.]*$/, '').replace(/\.(pt|pth|ckpt)$/i, '');
}

/** @param {string} path */
function folderOf(path) {
  return path.split('/').slice(0, -1).join('/');
}

/** @param {string} path */
function baseName(path) {
  return path.slice(path.lastIndexOf('/') + 1);
}
