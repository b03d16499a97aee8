// @ts-check
/** The elements that a report consists of. */
import { setFacts, textElement } from '../../views/dom.js';

/**
 * @param {string} title
 * @param {...Element} parts
 */
export function section(title, ...parts) {
  const element = document.createElement('section');
  element.append(textElement('h2', title), ...parts);
  return element;
}

/** @param {[string, string][]} facts */
export function factList(facts) {
  const list = textElement('dl', '', 'facts');
  setFacts(list, facts);
  return list;
}

/** @param {string[]} texts */
export function textList(texts) {
  const list = document.createElement('ul');
  list.append(...texts.map((text) => textElement('li', text)));
  return list;
}

/** @param {...Element} parts  side by side where there is room */
export function sideBySide(...parts) {
  const element = textElement('div', '', 'side-by-side');
  element.append(...parts);
  return element;
}

/**
 * @param {string} caption     for readers who cannot see the heading above it
 * @param {string[]} head
 * @param {string[][]} rows    the first cell names the row
 * @param {string} className   how its columns are set
 */
export function table(caption, head, rows, className) {
  const frame = textElement('div', '', 'table-frame');
  frame.tabIndex = 0;
  frame.role = 'region';
  frame.ariaLabel = caption;
  const element = textElement('table', '', className);
  const line = (/** @type {Element[]} */ cells) => {
    const row = document.createElement('tr');
    row.append(...cells);
    return row;
  };
  const header = (/** @type {string} */ text, /** @type {string} */ scope) => {
    const cell = breakable('th', text);
    cell.scope = scope;
    return cell;
  };
  element.createTHead().append(line(head.map((text) => header(text, 'col'))));
  element
    .createTBody()
    .append(
      ...rows.map(([first, ...others]) => line([header(first, 'row'), ...others.map((text) => breakable('td', text))])),
    );
  frame.append(element);
  return frame;
}

/**
 * A cell whose text may break after a slash.
 * @param {'th' | 'td'} tag
 * @param {string} text
 */
function breakable(tag, text) {
  const cell = textElement(tag, '');
  cell.append(...text.split(/(?<=\/)/).flatMap((part, at) => (at ? [document.createElement('wbr'), part] : [part])));
  return cell;
}

/** @param {Record<string, string>} attributes */
export function meta(attributes) {
  const element = document.createElement('meta');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
