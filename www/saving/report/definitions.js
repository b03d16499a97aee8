// @ts-check
/** What the numbers are, in the words and formulas of the page. */
import { definitionOf } from '../../views/study/definition.js';
import { textElement } from '../../views/dom.js';

export function definitions() {
  const list = textElement('dl', '', 'definitions');
  for (const metric of document.querySelectorAll('.metric')) list.append(ofMetric(metric));
  for (const pair of document.querySelectorAll('.definitions dl > div')) list.append(pair.cloneNode(true));
  return list;
}

/** @param {Element} metric  of the page: its name, then paragraphs and a formula */
function ofMetric(metric) {
  const pair = document.createElement('div');
  const key = metric.getAttribute('data-metric') ?? '';
  const name = metric.querySelector('.metric-name')?.textContent ?? '';
  const words = document.createElement('dd');
  words.append(...definitionOf(key));
  pair.append(textElement('dt', key === 'map-trapezoidal' ? `${name}, trapezoidal` : name), words);
  return pair;
}
