// @ts-check
/**
 * What the checks of the data set have found. Emits `query` (detail id) to show one.
 *
 * @typedef {import('../../types.js').Finding} Finding
 * @typedef {import('../../types.js').Item} Item
 */
import { findingText, NO_FINDINGS } from '../../words/findings.js';
import { whole } from '../../words/format.js';
import { find, textElement } from '../dom.js';
import { View } from '../view.js';

/** Groups that are named. */
const NAMED = 6;
/** Images of a group that are named. */
const OF_GROUP = 3;

export class FindingsView extends View {
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
    const nothing = images ? textElement('li', NO_FINDINGS) : '';
    this.#list.replaceChildren(
      ...(findings.length ? findings.map((finding) => this.#line(finding, itemOf)) : [nothing]),
    );
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
      if (group.length > OF_GROUP)
        part.append(textElement('span', `and ${whole(group.length - OF_GROUP)} more`, 'small'));
      return part;
    });
    const more = groups.length > NAMED ? textElement('span', `and ${groups.length - NAMED} more`, 'small') : '';
    line.append(textElement('span', findingText(finding)), ' ', ...names, more);
    return line;
  }

  /** @param {Item | undefined} item  a query can be shown, a gallery image is only named */
  #name(item) {
    if (!item) return '';
    const path = item.path.split('/').slice(-2).join('/');
    const name = item.set === 'collection' ? path : `${item.set}: ${path}`;
    if (item.set === 'gallery') return textElement('span', name, 'small');
    const button = textElement('button', name, 'link-button');
    button.addEventListener('click', () => this.emit('query', item.id));
    return button;
  }
}
