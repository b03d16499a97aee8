// @ts-check
/**
 * What a drop contains: which files are a model, and which are images of which set and identity.
 *
 * @typedef {import('../../types.js').DroppedFile} DroppedFile
 * @typedef {import('../../types.js').Label} Label
 * @typedef {import('../../model-types.js').ModelFiles} ModelFiles
 * @typedef {import('../../types.js').Problem} Problem
 * @typedef {import('../../types.js').RunPair} RunPair
 * @typedef {import('../../types.js').SetName} SetName
 * @typedef {import('../../types.js').Zone} Zone
 * @typedef {import('../items.js').NewItem} NewItem
 * @typedef {DroppedFile & {label: Label}} Described
 *
 * @typedef {object} Intake
 * @property {Described[]} images
 * @property {Problem[]} skipped      other files, without the leftovers that systems put into every folder
 * @property {DroppedFile[]} files    all but those leftovers
 * @property {RunPair[]} runs          of a data set; [] for a drop on one set
 * @property {boolean} [givesWay]      the sample, which comes only where nothing else is
 * @property {number} [turn]           of the latest choice of a run
 */
import { messageOf } from '../../events.js';
import { findModel, weightFiles } from '../../models/local.js';
import { nextTurn, Slices } from '../../scheduling/slices.js';

/** Endings of images, to tell a data set that contains models from a model. */
const IMAGE = /\.(jpe?g|jfif|png|webp|gif|bmp|tiff?|p[bgnp]m|heic|heif|avif)$/i;

/**
 * Separates a model's files from the rest of a drop. A model that lies among images never replaces one that is in use,
 * and if there are several, none is loaded.
 *
 * @param {DroppedFile[]} files
 * @param {boolean} isInUse  whether a model of the person's own is
 * @returns {Promise<{model: ModelFiles | null, modelError: string, rest: DroppedFile[], aside: Problem[]}>}
 *   aside: models that were passed over
 */
export async function separateModel(files, isInUse) {
  const isDataSet = files.some(({ path, file }) => IMAGE.test(path) || file.type.startsWith('image/'));
  try {
    const found = await findModel(files);
    const rest = files.filter(({ file }) => !found?.taken.includes(file));
    if (!found || !isDataSet || !isInUse) return { model: found?.model ?? null, modelError: '', rest, aside: [] };
    return { model: null, modelError: '', rest, aside: [passedOver(files, found.taken[0], 'another model is in use')] };
  } catch (error) {
    const reason = messageOf(error);
    const weights = (await weightFiles(files)).map(({ file }) => file);
    if (!isDataSet) {
      return {
        model: null,
        modelError: reason,
        rest: files.filter(({ file, path }) => !weights.includes(file) && !/\.json$/i.test(path)),
        aside: [],
      };
    }
    const aside = weights.map((file) => passedOver(files, file, 'it is not the only model, or not a complete one'));
    return { model: null, modelError: '', rest: files.filter(({ file }) => !weights.includes(file)), aside };
  }
}

/**
 * @param {DroppedFile[]} files
 * @param {File} weights
 * @param {string} why
 * @returns {Problem}
 */
function passedOver(files, weights, why) {
  const file = files.find((one) => one.file === weights)?.path ?? weights.name;
  return {
    file,
    reason: `This model lies among images and was not loaded, because ${why}. Load it separately.`,
    kind: 'skipped',
  };
}

/**
 * Reads the labels from the paths.
 * @param {DroppedFile[]} files
 * @param {Zone} zone
 * @param {import('../../matching/client.js').MatchingClient} matching
 * @param {AbortSignal} [signal]
 * @returns {Promise<Intake>}
 */
export async function understand(files, zone, matching, signal) {
  await nextTurn();
  const { labels, runs } = await matching.describe(files.map(({ path }) => path));
  /** @type {Intake} */
  const intake = { images: [], skipped: [], files: [], runs: zone === 'dataset' ? runs : [] };
  await new Slices(signal).each(files, (file, index) => {
    const { skip, isLeftover, ...label } = labels[index];
    if (isLeftover) return;
    intake.files.push(file);
    if (skip) intake.skipped.push({ file: file.path, reason: skip, kind: 'skipped' });
    else intake.images.push({ ...file, label: zone === 'dataset' ? label : { ...label, set: zone } });
  });
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
  return {
    file,
    origin: null,
    path,
    thumbnail,
    set: /** @type {SetName} */ (label.set),
    identity: label.identity,
    camera: label.camera,
  };
}
