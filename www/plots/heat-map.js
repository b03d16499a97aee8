// @ts-check
/**
 * Similarities → pixels.
 *
 * @typedef {import('./heat-map-order.js').OrderedMatrix} OrderedMatrix
 */
import { VIRIDIS } from './viridis.js';

const FRAME_BUDGET_MS = 8;
/** Blocks smaller than this many pixels get no outline. */
const OUTLINED = 4;

/**
 * Paints the cells, some rows at a time. A pixel that stands for several cells shows the largest of them.
 * @param {HTMLCanvasElement} canvas
 * @param {OrderedMatrix} matrix
 */
export function* paintCells(canvas, matrix) {
  const context = contextOf(canvas);
  const image = context.createImageData(canvas.width, canvas.height);
  const pixels = new Uint32Array(image.data.buffer);
  let start = performance.now();
  for (let y = 0; y < canvas.height; y++) {
    paintRow(pixels, y, canvas, matrix);
    if (performance.now() - start < FRAME_BUDGET_MS) continue;
    yield;
    start = performance.now();
  }
  context.putImageData(image, 0, 0);
}

/**
 * @param {Uint32Array} pixels
 * @param {number} y
 * @param {HTMLCanvasElement} canvas
 * @param {OrderedMatrix} matrix
 */
function paintRow(pixels, y, { width, height }, { rows, columns, low, high, valueAt }) {
  const [firstRow, endRow] = cells(y, height, rows.length);
  const scale = 255 / Math.max(high - low, 1e-6);
  for (let x = 0; x < width; x++) {
    const [firstColumn, endColumn] = cells(x, width, columns.length);
    let value = -Infinity;
    for (let row = firstRow; row < endRow; row++) {
      for (let column = firstColumn; column < endColumn; column++) value = Math.max(value, valueAt(row, column));
    }
    pixels[y * width + x] = VIRIDIS[Math.round((value - low) * scale)];
  }
}

/**
 * The cells that one pixel stands for, at least one.
 * @param {number} pixel
 * @param {number} pixels
 * @param {number} length
 */
function cells(pixel, pixels, length) {
  const first = Math.floor((pixel * length) / pixels);
  return [first, Math.max(first + 1, Math.floor(((pixel + 1) * length) / pixels))];
}

/**
 * Frames the block of each identity that both sets have.
 * @param {HTMLCanvasElement} canvas
 * @param {OrderedMatrix} matrix
 */
export function paintOutlines(canvas, { rows, columns }) {
  const [width, height] = [canvas.width / columns.length, canvas.height / rows.length];
  const context = contextOf(canvas);
  const columnsOf = spans(columns);
  context.strokeStyle = '#fff';
  for (const [identity, [top, bottom]] of spans(rows)) {
    const [left, right] = columnsOf.get(identity) ?? [0, 0];
    const [across, down] = [(right - left) * width, (bottom - top) * height];
    if (Math.min(across, down) < OUTLINED) continue;
    context.strokeRect(left * width + 0.5, top * height + 0.5, across - 1, down - 1);
  }
}

/**
 * Strikes out each pair of the same file, which does not count.
 * @param {HTMLCanvasElement} canvas
 * @param {OrderedMatrix} matrix
 */
export function paintSameFiles(canvas, { rows, columns }) {
  const [width, height] = [canvas.width / columns.length, canvas.height / rows.length];
  if (Math.min(width, height) < OUTLINED) return;
  const context = contextOf(canvas);
  const columnsOf = Map.groupBy(columns.keys(), (column) => columns[column].item.content);
  context.strokeStyle = '#fff';
  context.beginPath();
  for (const [
    row,
    {
      item: { content },
    },
  ] of rows.entries()) {
    for (const column of content === null ? [] : (columnsOf.get(content) ?? [])) {
      context.moveTo(column * width, (row + 1) * height);
      context.lineTo((column + 1) * width, row * height);
    }
  }
  context.stroke();
}

/**
 * First and end line of each identity.
 * @param {import('./heat-map-order.js').Line[]} lines
 */
function spans(lines) {
  /** @type {Map<string, [number, number]>} */
  const found = new Map();
  lines.forEach(({ item: { identity } }, index) => {
    if (identity !== null) found.set(identity, [found.get(identity)?.[0] ?? index, index + 1]);
  });
  return found;
}

/** @param {HTMLCanvasElement} canvas  256 × 1 */
export function paintLegend(canvas) {
  const context = contextOf(canvas);
  const image = context.createImageData(256, 1);
  new Uint32Array(image.data.buffer).set(VIRIDIS);
  context.putImageData(image, 0, 0);
}

/** @param {HTMLCanvasElement} canvas */
function contextOf(canvas) {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser does not provide a 2D canvas');
  return context;
}
