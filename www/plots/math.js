// @ts-check
/**
 * Formulas as MathML.
 *
 * @typedef {import('../words/formula.js').Formula} Formula
 */

const NAMESPACE = 'http://www.w3.org/1998/Math/MathML';
const OPERATORS = ['=', '+', '−', '>', '≤', '(', ')', '∑', 'max'];

/** A formula in a line of its own. @param {Formula} formula */
export function math(formula) {
  const element = document.createElementNS(NAMESPACE, 'math');
  element.setAttribute('display', 'block');
  element.append(elementOf(formula));
  return element;
}

/** @param {Formula} formula @returns {Element} */
function elementOf(formula) {
  if (typeof formula === 'string') return token(formula);
  const element = document.createElementNS(NAMESPACE, formula.tag);
  if ('text' in formula) element.textContent = formula.text;
  else element.append(...formula.parts.map(elementOf));
  return element;
}

/** @param {string} text */
function token(text) {
  const element = document.createElementNS(NAMESPACE, tagOf(text));
  element.textContent = text;
  if (text === '(' || text === ')') element.setAttribute('stretchy', 'false');
  return element;
}

/** @param {string} text */
function tagOf(text) {
  if (OPERATORS.includes(text)) return 'mo';
  if (/^\d+$/.test(text)) return 'mn';
  return /^\p{L}$/u.test(text) ? 'mi' : 'mtext';
}
