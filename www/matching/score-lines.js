// @ts-check
/** One line for each pair of a query and a gallery image, a few rows at a time: all of them may be a gigabyte. */
import { BYTE_ORDER_MARK, harmless, quoted } from './csv.js';

/** @typedef {{path: string, identity: string | null, camera: string | null}} Named */

const HEAD = 'query,query_identity,query_camera,gallery,gallery_identity,gallery_camera,similarity\n';

export class ScoreLines {
  #queries;
  #gallery;

  /**
   * @param {Named[]} queries   in the order of the rows
   * @param {Named[]} gallery   in the order of the columns
   * @param {boolean} forSpreadsheets
   */
  constructor(queries, gallery, forSpreadsheets) {
    const write = forSpreadsheets ? harmless : quoted;
    const cells = (/** @type {Named} */ { path, identity, camera }) =>
      [path, identity, camera].map((cell) => write(cell ?? '')).join(',');
    this.#queries = queries.map(cells);
    this.#gallery = gallery.map(cells);
    this.head = (forSpreadsheets ? BYTE_ORDER_MARK : '') + HEAD;
  }

  /** Whether there are still as many. @param {number} queries @param {number} gallery */
  fits(queries, gallery) {
    return queries === this.#queries.length && gallery === this.#gallery.length;
  }

  /**
   * @param {number} from   the first of the rows
   * @param {Float32Array} values   of whole rows
   */
  rows(from, values) {
    const width = this.#gallery.length;
    const lines = [];
    for (let row = 0; row * width < values.length; row += 1) {
      const query = this.#queries[from + row];
      for (const [column, image] of this.#gallery.entries())
        lines.push(`${query},${image},${shortest(values[row * width + column])}\n`);
    }
    return lines.join('');
  }
}

/** @param {number} value  an f32: nine digits restore exactly the same value */
function shortest(value) {
  return Number(value.toPrecision(9));
}
