// @ts-check
/**
 * The similarity matrix. Rows are queries, columns gallery images, both ordered by identity.
 * Emits `open` (detail {queryId, galleryId}) on click or Enter.
 *
 * @typedef {import('../../types.js').Item} Item
 * @typedef {import('../../types.js').SimilarityMatrix} SimilarityMatrix
 */
import { isSameFile, orderByIdentity } from '../../plots/heat-map-order.js';
import { paintCells, paintLegend, paintOutlines, paintSameFiles } from '../../plots/heat-map.js';
import { count, fraction, identityName, isolated } from '../../words/format.js';
import { find, setText } from '../dom.js';
import { View } from '../view.js';

export class HeatMapView extends View {
  #canvas;
  #cursor;
  /** @type {import('../../plots/heat-map-order.js').OrderedMatrix | null} */
  #matrix = null;
  #row = 0;
  #column = 0;
  #painting = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    this.#canvas = find(element, '.heat-map-frame canvas', HTMLCanvasElement);
    this.#cursor = find(element, '.heat-map-cursor', HTMLElement);
    this.#canvas.addEventListener('pointermove', (event) => this.#point(event));
    this.#canvas.addEventListener('pointerleave', () => this.#leave());
    this.#canvas.addEventListener('focus', () => this.#show(this.#row, this.#column));
    this.#canvas.addEventListener('blur', () => this.#leave());
    this.#canvas.addEventListener('keydown', (event) => this.#onKey(event));
    this.#canvas.addEventListener('click', (event) => {
      this.#point(event);
      this.#open();
    });
    new ResizeObserver(() => this.#paint()).observe(find(element, '.heat-map-frame', HTMLElement));
    paintLegend(find(element, '.legend-bar', HTMLCanvasElement));
  }

  /**
   * @param {SimilarityMatrix | null} matrix
   * @param {(id: number) => Item | undefined} itemOf
   * @param {boolean} isTooLarge  there are pairs, but too many for a picture
   */
  update(matrix, itemOf, isTooLarge) {
    this.#matrix = matrix && orderByIdentity(matrix, itemOf);
    const { rows = [], columns = [], low = 0, high = 0 } = this.#matrix ?? {};
    const isEmpty = rows.length === 0 || columns.length === 0;
    this.element.hidden = isEmpty && !isTooLarge;
    this.element.classList.toggle('is-too-large', isTooLarge);
    if (isTooLarge)
      setText(
        this.element,
        '.heat-map-size',
        'There are more pairs than a picture can show. Each query’s ranks are above.',
      );
    if (isEmpty) return;
    setText(this.element, '.legend-low', fraction(low));
    setText(this.element, '.legend-high', fraction(high));
    this.#row = Math.min(this.#row, rows.length - 1);
    this.#column = Math.min(this.#column, columns.length - 1);
    this.element.style.setProperty('--columns', String(columns.length));
    this.element.style.setProperty('--rows', String(rows.length));
    this.#paint();
  }

  /** In the pixels of the screen; a new painting ends the one under way. */
  #paint() {
    const { clientWidth, clientHeight } = this.#canvas;
    if (!this.#matrix || clientWidth === 0) return;
    const [width, height] = [clientWidth, clientHeight].map((side) => Math.round(side * devicePixelRatio));
    if (this.#canvas.width !== width) this.#canvas.width = width;
    if (this.#canvas.height !== height) this.#canvas.height = height;
    this.#describe(width < this.#matrix.columns.length || height < this.#matrix.rows.length);
    cancelAnimationFrame(this.#painting);
    const steps = paintCells(this.#canvas, this.#matrix);
    const next = () => {
      if (!steps.next().done) this.#painting = requestAnimationFrame(next);
      else if (this.#matrix) this.#paintMarks(this.#matrix);
    };
    next();
  }

  /** @param {import('../../plots/heat-map-order.js').OrderedMatrix} matrix  whose cells are painted */
  #paintMarks(matrix) {
    paintOutlines(this.#canvas, matrix);
    paintSameFiles(this.#canvas, matrix);
  }

  /** @param {boolean} isDense  there are more pairs than pixels */
  #describe(isDense) {
    const { rows = [], columns = [] } = this.#matrix ?? {};
    const size = `${count(rows.length, 'query', 'queries')} × ${count(columns.length, 'gallery image')}`;
    setText(
      this.element,
      '.heat-map-size',
      size + (isDense ? '; each pixel shows the highest similarity of its pairs' : ''),
    );
  }

  /** @param {MouseEvent} event */
  #point(event) {
    if (!this.#matrix) return;
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    const { rows, columns } = this.#matrix;
    const column = Math.floor(((event.clientX - left) / width) * columns.length);
    const row = Math.floor(((event.clientY - top) / height) * rows.length);
    this.#show(clamp(row, rows.length), clamp(column, columns.length));
  }

  /**
   * @param {number} row
   * @param {number} column
   */
  #show(row, column) {
    if (!this.#matrix) return;
    const { rows, columns, valueAt } = this.#matrix;
    [this.#row, this.#column] = [row, column];
    const [query, gallery] = [rows[row].item, columns[column].item];
    this.#cursor.hidden = false;
    this.#cursor.style.setProperty('--row', String(row));
    this.#cursor.style.setProperty('--column', String(column));
    setText(this.element, '.heat-map-value', `${fraction(valueAt(row, column))}  ${pairWords(query, gallery)}`);
    this.#canvas.title = `${isolated(query.path)} × ${isolated(gallery.path)}`;
  }

  #leave() {
    if (document.activeElement === this.#canvas && this.#canvas.matches(':focus-visible')) return;
    this.#cursor.hidden = true;
    setText(this.element, '.heat-map-value', '');
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (!this.#matrix) return;
    const { rows, columns } = this.#matrix;
    const moves = /** @type {Record<string, [number, number]>} */ ({
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    });
    if (event.key === 'Enter') this.#open();
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    this.#show(clamp(this.#row + move[0], rows.length), clamp(this.#column + move[1], columns.length));
  }

  #open() {
    if (!this.#matrix) return;
    const { rows, columns } = this.#matrix;
    this.emit('open', { queryId: rows[this.#row].item.id, galleryId: columns[this.#column].item.id });
  }
}

/**
 * @param {Item} query
 * @param {Item} gallery
 */
function pairWords(query, gallery) {
  if (isSameFile(query, gallery)) return 'the same file, excluded';
  if (query.identity !== null && query.identity === gallery.identity)
    return `${isolated(query.identity)}, same identity`;
  return `${isolated(identityName(query.identity))} × ${isolated(identityName(gallery.identity))}`;
}

/**
 * @param {number} index
 * @param {number} length
 */
function clamp(index, length) {
  return Math.min(length - 1, Math.max(0, index));
}
