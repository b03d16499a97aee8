// @ts-check
/**
 * A notation for formulas that follows MathML.
 *
 * A string is a number, an operator, a name (one letter) or words; anything else says which MathML element it is.
 *
 * @typedef {string | {tag: string, parts: Formula[]} | {tag: string, text: string}} Formula
 */

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

/** Parts beside each other. @param {...Formula} parts */
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
