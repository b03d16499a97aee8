// @ts-check
/**
 * What the checks of a data set have found, in sentences: for the page and for the report.
 *
 * @typedef {import('../types.js').Finding} Finding
 */
import { count } from './format.js';

/** @type {Record<string, (groups: number, images: number) => string>} */
const TEXTS = {
  sameFileTwoIdentities: (n) => `${count(n, 'file has', 'files have')} two identities; one of them is wrong.`,
  sameFileInBothSets: (n) =>
    `${count(n, 'file is', 'files are')} both among the queries and in the gallery; finding the same file ` +
    'proves nothing.',
  sameFileTwice: (n) => `${count(n, 'file appears', 'files appear')} twice.`,
  nearDuplicatesAcrossSets: (n) =>
    `${count(n, 'pair of images is', 'pairs of images are')} nearly the same picture (similarity of 0.995 or more), ` +
    'though not the same file.',
  suspiciousLabel: (n) =>
    `${count(n, 'image looks', 'images look')} much more like another identity. Check ` +
    `${n === 1 ? 'its label' : 'their labels'}.`,
  onlyInQuery: (n) => `${count(n, 'query identity has', 'query identities have')} no gallery image with that label.`,
  halfLabelledCameras: () =>
    'Some images have a camera and some have none; images from the same camera are ignored only where both are known.',
  similarNames: (n) =>
    `${count(n, 'identity has', 'identities have')} several spellings (case, spaces, 1 and 1.0); they count as ` +
    'different.',
  leadingZeros: (n) =>
    `${count(n, 'identity appears', 'identities appear')} with and without leading zeros (0001 and 1), as a ` +
    'spreadsheet may save them; they count as different.',
  similarCameras: (n) =>
    `${count(n, 'camera has', 'cameras have')} several spellings (c1 and 1, 1 and 01); they count as ` +
    'different, so images from the same camera are not ignored.',
  oneIdentity: () => 'All labelled images show the same identity, so every match is correct, whatever the model.',
  onlyInGallery: (n) =>
    `${count(n, 'gallery identity is', 'gallery identities are')} not searched for by any query; they are distractors.`,
  singleton: (n) => `${count(n, 'identity has', 'identities have')} only one image in both sets together.`,
  imbalance: (n) => `${count(n, 'identity has', 'identities have')} more than ten times as many images as the median.`,
  notEmbedded: (_, images) =>
    `${count(images, 'image has', 'images have')} no embedding, so they were not checked for repeated files, ` +
    'near-duplicates and suspicious labels.',
  pairsNotCompared: () => 'With more than 6,000 images, near-duplicates and suspicious labels are not checked.',
};

export const NO_FINDINGS = 'No problems found: no repeated files, near-duplicates or suspicious labels.';

/** All findings, each in a sentence. @param {Finding[]} findings */
export function findingTexts(findings) {
  return findings.length ? findings.map(findingText) : [NO_FINDINGS];
}

/** A finding in a sentence. @param {Finding} finding */
export function findingText({ kind, groups }) {
  return TEXTS[kind]?.(groups.length, groups.flat().length) ?? kind;
}
