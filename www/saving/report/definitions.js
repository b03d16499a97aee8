// @ts-check
/** What the values mean, in the words and formulas of the page. */
import { METRICS, STUDY } from '../../definitions.js';
import { definitionEntry } from '../../views/definition.js';
import { textElement } from '../../views/dom.js';

export function definitions() {
  const list = textElement('dl', '', 'definitions');
  list.append(...[...METRICS, ...STUDY].map(definitionEntry));
  return list;
}
