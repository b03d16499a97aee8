// @ts-check
/** Number fields of a form: one that holds an impossible value says so, and nothing is computed with it. */
import { find } from '../dom.js';

/**
 * The first field with an impossible value, which is marked; the line for errors says what was expected.
 *
 * @param {HTMLFormElement} form  with an element of class "field-error"
 * @param {string} kept   what keeps its old values meanwhile: "The threshold stays as it is."
 * @param {(input: HTMLInputElement) => boolean} [isUsed]   whether its value matters at present
 * @returns {boolean}  whether all values are possible
 */
export function checkNumbers(form, kept, isUsed = () => true) {
  const inputs = Array.from(form.querySelectorAll('input')).filter((input) => input.type === 'number');
  const wrong = inputs.find((input) => !input.disabled && isUsed(input) && !input.validity.valid);
  for (const input of inputs) input.ariaInvalid = String(input === wrong);
  const text = wrong ? `${nameOf(wrong)}: expected ${expected(wrong)}. ${kept}` : '';
  find(form, '.field-error', HTMLElement).textContent = text;
  return !wrong;
}

/** @param {HTMLInputElement} input */
function nameOf({ ariaLabel, labels }) {
  return ariaLabel ?? labels?.[0]?.textContent?.trim().replaceAll(/\s+/g, ' ') ?? '';
}

/** @param {HTMLInputElement} input */
function expected({ min, max, step, required }) {
  const kind = step === '' ? 'a whole number' : 'a number';
  const range = max ? `from ${min} to ${max}` : `of ${min} or more`;
  return `${kind} ${range}${required ? '' : ', or nothing'}`;
}
