// @ts-check
/** Definitions and formulas of numbers, which stand in the markup once. */
import { find } from '../dom.js';

/** Words and formula of a metric, copied. @param {string} name  of a [data-metric] or [data-definition] */
export function definitionOf(name) {
  const metric = document.querySelector(`[data-metric="${name}"]`);
  const parts = metric ? metric.querySelectorAll('p, math') : find(document, `[data-definition="${name}"] dd`, HTMLElement).childNodes;
  return [...parts].map((part) => part.cloneNode(true));
}
