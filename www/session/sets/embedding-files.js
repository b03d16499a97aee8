// @ts-check
/**
 * Which dropped files hold embeddings, and which labels belong to which.
 *
 * @typedef {import('../../types.js').DroppedFile} DroppedFile
 * @typedef {import('../../types.js').Problem} Problem
 * @typedef {{file: DroppedFile, labels: DroppedFile | null}} Source
 */

import { fileName } from '../../words/format.js';

const ENDINGS = /\.(npy|csv|mat|json)$/i;
const STEM = /\.[^./]*$/;

/** @param {{path: string}} file */
export function mayHoldEmbeddings({ path }) {
  return ENDINGS.test(path);
}

/**
 * Pairs each .npy file with its labels: the only .csv file, or the one of the same name.
 *
 * @param {DroppedFile[]} files   that may hold embeddings
 * @returns {{sources: Source[], alone: Problem[]}}   alone: .npy and .csv files without their partner
 */
export function pairUp(files) {
  const ending = (/** @type {string} */ one) => files.filter(({ path }) => path.toLowerCase().endsWith(one));
  const [matrices, tables] = [ending('.npy'), ending('.csv')];
  const isOnePair = matrices.length === 1 && tables.length === 1;
  const partner = (/** @type {DroppedFile} */ { path }, /** @type {DroppedFile[]} */ others) =>
    isOnePair ? others[0] : others.find((other) => stem(other.path) === stem(path));
  /** @type {Source[]} */
  const pairs = matrices.flatMap((file) => {
    const labels = partner(file, tables);
    return labels ? [{ file, labels }] : [];
  });
  const whole = files.filter(({ path }) => /\.(mat|json)$/i.test(path)).map((file) => ({ file, labels: null }));
  const alone = [
    ...matrices.filter((file) => !partner(file, tables)).map(withoutLabels),
    ...tables.filter((file) => !partner(file, matrices)).map(withoutEmbeddings),
  ];
  return { sources: [...pairs, ...whole], alone };
}

/** @param {DroppedFile} file @returns {Problem} */
function withoutLabels({ path }) {
  const reason =
    `Its labels are missing: drop it together with ${stem(fileName(path))}.csv, which ` +
    'describes its rows ' +
    '(path, set, identity, camera).';
  return { file: path, reason, kind: 'error' };
}

/** @param {DroppedFile} file @returns {Problem} */
function withoutEmbeddings({ path }) {
  const reason =
    `A .csv file alone has no embeddings: drop it together with ${stem(fileName(path))}.npy, whose rows ` +
    'it describes.';
  return { file: path, reason, kind: 'error' };
}

/** @param {string} path  without its ending */
function stem(path) {
  return path.replace(STEM, '');
}
