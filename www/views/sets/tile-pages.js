// @ts-check
/**
 * Thousands of tiles cut into pages, of which only those in sight are built. A page is as high built as it is empty: it
 * holds whole rows.
 *
 * @typedef {{identity: string | null, ids: number[]}} Group   ids: of its images, in order
 * @typedef {{identity: string | null, ids: number[], from: number}} Piece   of a group,
 *   from which of its images on; the
 *   first one bears the name
 * @typedef {{pieces: Piece[], rows: number, tileRows: number, names: number}} Page
 *   rows: of pieces; tileRows: the tiles of the highest piece of each row, added up; names: rows with a name
 */

/** Tiles in a row. */
export const COLUMNS = 5;
/** Up to this many are all built, on a single page. */
const FEW = 1000;
/** Tiles of a page, roughly, and at most of a piece; a multiple of the columns. */
const PAGE_TILES = 100;

/**
 * @param {Group[]} groups
 * @returns {Page[]}
 */
export function paginate(groups) {
  const tiles = groups.reduce((sum, { ids }) => sum + ids.length, 0);
  const most = tiles > FEW ? PAGE_TILES : FEW;
  const pages = [];
  /** @type {Piece[]} */
  let pieces = [];
  let onPage = 0;
  for (const piece of groups.flatMap(piecesOf)) {
    pieces.push(piece);
    onPage += piece.ids.length;
    if (onPage < most) continue;
    pages.push(pageOf(pieces));
    [pieces, onPage] = [[], 0];
  }
  return pieces.length > 0 ? [...pages, pageOf(pieces)] : pages;
}

/** @param {number} tiles  of a piece */
export function spanOf(tiles) {
  return Math.min(COLUMNS, Math.max(1, tiles));
}

/**
 * @param {Group} group
 * @returns {Piece[]}
 */
function piecesOf({ identity, ids }) {
  const pieces = [];
  for (let from = 0; from < ids.length; from += PAGE_TILES)
    pieces.push({ identity, ids: ids.slice(from, from + PAGE_TILES), from });
  return pieces;
}

/**
 * Pieces share a row as long as there are columns for them.
 * @param {Piece[]} pieces
 * @returns {Page}
 */
function pageOf(pieces) {
  const page = { pieces, rows: 0, tileRows: 0, names: 0 };
  let column = COLUMNS;
  let highest = 0;
  for (const { ids, from } of pieces) {
    const span = spanOf(ids.length);
    if (column + span > COLUMNS) {
      page.tileRows += highest;
      page.rows += 1;
      page.names += Number(from === 0);
      [column, highest] = [0, 0];
    }
    column += span;
    highest = Math.max(highest, Math.ceil(ids.length / COLUMNS));
  }
  page.tileRows += highest;
  return page;
}
