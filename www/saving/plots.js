// @ts-check
/** Plots as files, drawn as they are on the screen. */

/** What a drawing needs of its style sheet. */
const STYLES = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'font-size', 'font-family'];
/** Pixels of a PNG for each unit of the drawing. */
const PNG_SCALE = 3;

/**
 * @param {SVGSVGElement} plot
 * @param {string} format   'svg' or 'png'
 * @returns {Promise<Blob | null>}   null where the browser cannot draw it
 */
export async function plotFile(plot, format) {
  const drawing = asFile(plot);
  return format === 'png' ? asPng(drawing) : new Blob([drawing.text], { type: 'image/svg+xml' });
}

/**
 * The drawing with its styles in it, on its background.
 * @param {SVGSVGElement} svg
 */
function asFile(svg) {
  const { width, height } = svg.viewBox.baseVal;
  const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
  const originals = svg.querySelectorAll('*');
  copy.querySelectorAll('*').forEach((element, at) => {
    const style = getComputedStyle(originals[at]);
    for (const name of STYLES) element.setAttribute(name, style.getPropertyValue(name));
  });
  for (const [name, value] of Object.entries({ xmlns: 'http://www.w3.org/2000/svg', width, height }))
    copy.setAttribute(name, String(value));
  copy.style.background = getComputedStyle(document.body).backgroundColor;
  return { text: new XMLSerializer().serializeToString(copy), width, height };
}

/**
 * @param {{text: string, width: number, height: number}} drawing
 * @returns {Promise<Blob | null>}
 */
async function asPng({ text, width, height }) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([text], { type: 'image/svg+xml' }));
  await image.decode();
  URL.revokeObjectURL(image.src);
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * PNG_SCALE, height * PNG_SCALE];
  const context = canvas.getContext('2d');
  if (!context) return null;
  context.fillStyle = getComputedStyle(document.body).backgroundColor;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve));
}
