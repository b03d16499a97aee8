// @ts-check
/**
 * What is odd about the data set. Emits `query` (detail id) to show one.
 *
 * @typedef {import('../../types.js').Finding} Finding
 * @typedef {import('../../types.js').Item} Item
 */
import { count, whole } from '../../words/format.js';
import { find, textElement } from '../dom.js';
import { View } from '../view.js';

/** Groups that are named. */
const NAMED = 6;
/** Images of a group that are named. */
const OF_GROUP = 3;

/** @type {Record<string, (groups: number, images: number) => string>} */
const TEXTS = {
  sameFileTwoIdentities: (n) => `${count(n, 'file has', 'files have')} two identities: one of them is wrong.`,
  sameFileInBothSets: (n) => `${count(n, 'file is', 'files are')} both a query and in the gallery: finding the same file proves nothing.`,
  sameFileTwice: (n) => `${count(n, 'file appears', 'files appear')} twice in one set.`,
  nearDuplicatesAcrossSets: (n) => `${count(n, 'query is', 'pairs of a query and a gallery image are')} nearly the same picture (similarity of 0.995 or more).`,
  suspiciousLabel: (n) => `${count(n, 'image resembles', 'images resemble')} another identity far more than their own: the label may be wrong.`,
  onlyInQuery: (n) => `${count(n, 'query identity has', 'query identities have')} no gallery image with that label.`,
  halfLabelledCameras: () => 'Some images have a camera and some have none: images of the same camera are left out only where both are known.',
  similarNames: (n) => `${count(n, 'identity has', 'identities have')} several spellings (case, spaces, 1 and 1.0); they count as different.`,
  leadingZeros: (n) => `${count(n, 'identity appears', 'identities appear')} with and without leading zeros (0001 and 1), as a spreadsheet leaves them; they count as different.`,
  similarCameras: (n) => `${count(n, 'camera has', 'cameras have')} several spellings (c1 and 1, 1 and 01); they count as different, so images of the same camera are not left out.`,
  oneIdentity: () => 'All labelled images show the same identity: every match is right, whatever the model.',
  onlyInGallery: (n) => `${count(n, 'gallery identity is', 'gallery identities are')} asked for by no query: distractors.`,
  singleton: (n) => `${count(n, 'identity has', 'identities have')} a single image in both sets together.`,
  imbalance: (n) => `${count(n, 'identity has', 'identities have')} more than ten times as many images as the median.`,
  notEmbedded: (_, images) => `${count(images, 'image has', 'images have')} no embedding: repeated files, near-duplicates and suspicious labels were not looked for among them.`,
  pairsNotCompared: () => 'More than 6,000 images: near-duplicates and suspicious labels were not looked for.',
};

const NONE = 'Nothing odd was found: no repeated files, no near-duplicates, no suspicious labels.';

/** @param {Finding[]} findings  each in a sentence */
export function findingTexts(findings) {
  return findings.length ? findings.map(findingText) : [NONE];
}

/** @param {Finding} finding */
function findingText({ kind, groups }) {
  return TEXTS[kind]?.(groups.length, groups.flat().length) ?? kind;
}

export class DoctorView extends View {
  #list;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    this.#list = find(element, '.findings', HTMLElement);
  }

  /**
   * @param {Finding[]} findings
   * @param {number} images   that were looked at
   * @param {(id: number) => Item | undefined} itemOf
   */
  update(findings, images, itemOf) {
    const nothing = images ? textElement('li', NONE) : '';
    this.#list.replaceChildren(...(findings.length ? findings.map((finding) => this.#line(finding, itemOf)) : [nothing]));
  }

  /**
   * @param {Finding} finding
   * @param {(id: number) => Item | undefined} itemOf
   */
  #line(finding, itemOf) {
    const { severity, groups } = finding;
    const line = textElement('li', '', `finding is-${severity}`);
    const names = groups.slice(0, NAMED).map((group) => {
      const part = textElement('span', '', 'finding-group');
      part.append(...group.slice(0, OF_GROUP).flatMap((id) => [this.#name(itemOf(id)), ' ']));
      if (group.length > OF_GROUP) part.append(textElement('span', `and ${whole(group.length - OF_GROUP)} more`, 'small'));
      return part;
    });
    const more = groups.length > NAMED ? textElement('span', `and ${groups.length - NAMED} more`, 'small') : '';
    line.append(textElement('span', findingText(finding)), ' ', ...names, more);
    return line;
  }

  /** @param {Item | undefined} item  a query can be shown, a gallery image is only named */
  #name(item) {
    if (!item) return '';
    const name = `${item.set}: ${item.path.split('/').slice(-2).join('/')}`;
    if (item.set === 'gallery') return textElement('span', name, 'small');
    const button = textElement('button', name, 'link-button');
    button.addEventListener('click', () => this.emit('query', item.id));
    return button;
  }
}
