// @ts-check
/**
 * Elements of plots.
 *
 * @typedef {{viewBox: string, label: string}} Frame   how large a plot is, and what it shows
 */

/**
 * Gives a plot its size and its words.
 *
 * @param {Element} element  an `<svg>`
 * @param {Frame} frame
 */
export function setFrame(element, { viewBox, label }) {
  element.setAttribute('viewBox', viewBox);
  element.setAttribute('aria-label', label);
}

/**
 * A part of a drawing.
 *
 * @param {string} name
 * @param {Record<string, string | number>} attributes
 * @param {string} [text]
 */
export function svg(name, attributes, text = '') {
  const element = document.createElementNS('http://www.w3.org/2000/svg', name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.textContent = text;
  return element;
}
