// @ts-check
/** Definitions as elements, for the page and for the report. */
import { math } from '../plots/formula.js';
import { textElement } from './dom.js';

/** @typedef {import('../definitions.js').Definition} Definition */

/** Words and formulas of a definition. @param {Definition} definition */
export function definitionElements({ text, formulas = [], note }) {
  return [paragraph(text), ...formulas.map(math), ...(note ? [textElement('p', note, 'small')] : [])];
}

/** Words in which `r_i` is r with the index i. @param {string} text */
function paragraph(text) {
  const element = document.createElement('p');
  element.append(...text.split(/_(\w)/).map((part, at) => (at % 2 ? textElement('sub', part) : part)));
  return element;
}

/** Name and definition, as an entry of a `<dl>`. @param {Definition} definition */
export function definitionEntry(definition) {
  const entry = document.createElement('div');
  const words = document.createElement('dd');
  words.append(...definitionElements(definition));
  entry.append(textElement('dt', definition.name), words);
  return entry;
}
