// @ts-check
/**
 * What was dropped: which files are a model, which are images of which set and identity.
 *
 * @typedef {import('../types.js').DroppedFile} DroppedFile
 * @typedef {import('../types.js').Label} Label
 * @typedef {import('../types.js').ModelFiles} ModelFiles
 * @typedef {import('../types.js').Problem} Problem
 * @typedef {import('../types.js').RunPair} RunPair
 * @typedef {import('../types.js').SetName} SetName
 * @typedef {import('../types.js').Zone} Zone
 * @typedef {import('./items.js').NewItem} NewItem
 * @typedef {DroppedFile & {label: Label}} Described
 *
 * @typedef {object} Intake
 * @property {Described[]} images
 * @property {Problem[]} skipped      other files, without the leftovers that lie in every folder
 * @property {DroppedFile[]} files    all but those leftovers
 * @property {RunPair[]} runs          of a data set; [] for a drop on one set
 */
import { findModel } from '../models/local.js';

/**
 * Takes a model's files out of a drop.
 * @param {DroppedFile[]} files
 * @returns {{model: ModelFiles | null, modelError: string, rest: DroppedFile[]}}
 */
export function separateModel(files) {
  try {
    const model = findModel(files);
    const parts = model ? [model.weights, model.config, model.preprocessor] : [];
    return { model, modelError: '', rest: files.filter(({ file }) => !parts.includes(file)) };
  } catch (error) {
    const modelError = error instanceof Error ? error.message : String(error);
    return { model: null, modelError, rest: files.filter(({ path }) => !/\.(safetensors|pt|pth|bin|json)$/i.test(path)) };
  }
}

/**
 * Reads the labels from the paths.
 * @param {DroppedFile[]} files
 * @param {Zone} zone
 * @param {import('../matching/client.js').MatchingClient} matching
 * @returns {Promise<Intake>}
 */
export async function understand(files, zone, matching) {
  const labels = await matching.describe(files.map(({ path }) => path));
  /** @type {Intake} */
  const intake = { images: [], skipped: [], files: [], runs: [] };
  files.forEach((file, index) => {
    const { skip, isLeftover, ...label } = labels[index];
    if (isLeftover) return;
    intake.files.push(file);
    if (skip) intake.skipped.push({ file: file.path, reason: skip, kind: 'skipped' });
    else intake.images.push({ ...file, label: zone === 'dataset' ? label : { ...label, set: zone } });
  });
  if (zone === 'dataset') intake.runs = await matching.runs(intake.images.map(({ label }) => label));
  return intake;
}

/**
 * The images of one run. Without runs, all that belong to a set.
 * @param {Intake} intake
 * @param {RunPair | undefined} pair
 * @param {boolean} distractors   the galleryN_all folder instead of galleryN
 * @returns {Described[]}
 */
export function imagesOfRun({ images }, pair, distractors) {
  const withSet = images.filter(({ label }) => label.set !== null);
  if (!pair) return withSet;
  return withSet.filter(({ label }) => {
    return label.run === pair.run && (label.set === 'query' || label.distractors === distractors);
  });
}

/**
 * @param {Described} image
 * @returns {NewItem}
 */
export function toItem({ file, path, isOwnThumbnail, label }) {
  const thumbnail = isOwnThumbnail ? URL.createObjectURL(file) : null;
  return { file, origin: null, path, thumbnail, set: /** @type {SetName} */ (label.set), identity: label.identity, camera: label.camera };
}
