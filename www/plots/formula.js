// @ts-check
/**
 * A notation for formulas that follows MathML, and its elements.
 *
 * A string is a number, an operator, a name (one letter) or words; anything else says which MathML element it is.
 *
 * @typedef {string | {tag: string, parts: Formula[]} | {tag: string, text: string}} Formula
 */

const NAMESPACE = 'http://www.w3.org/1998/Math/MathML';
const OPERATORS = ['=', '+', '−', '>', '≤', '(', ')', '∑', 'max'];

/**
 * An element, as it is called in MathML.
 *
 * @param {string} tag
 * @param {...Formula} parts
 * @returns {Formula}
 */
export function as(tag, ...parts) {
  const [first] = parts;
  const isLeaf = parts.length === 1 && typeof first === 'string' && /^m[ino]$|^mtext$/.test(tag);
  return isLeaf ? { tag, text: first } : { tag, parts };
}

/** Parts in a row. @param {...Formula} parts */
export const of = (...parts) => as('mrow', ...parts);

/** `name` = parts. @param {Formula} name @param {...Formula} parts */
export const equation = (name, ...parts) => of(name, '=', ...parts);

/** A fraction. @param {Formula} numerator @param {Formula} denominator */
export const over = (numerator, denominator) => as('mfrac', numerator, denominator);

/** @param {Formula} name @param {Formula} index */
export const sub = (name, index) => as('msub', name, index);

/** @param {Formula} operator @param {Formula} range */
export const under = (operator, range) => as('munder', operator, range);

/** The sum from `name` = `from` to `to`. @param {string} name @param {string} from @param {string} to */
export const sum = (name, from, to) => as('munderover', '∑', equation(name, from), to);

/** Parts between brackets as high as they are. @param {...Formula} parts */
export const brackets = (...parts) => of(as('mo', '('), ...parts, as('mo', ')'));

/** A formula on a line of its own, as an element. @param {Formula} formula */
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
