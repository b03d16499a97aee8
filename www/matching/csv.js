// @ts-check
/**
 * Cells of CSV files: exactly as they are, or as a spreadsheet may open them.
 *
 * Excel, LibreOffice and others take text that begins with = + - @, a tab or a line break for a formula. An apostrophe
 * in front makes text of it. Some split lines at semicolons or tabs too, so what follows one, and a quote that then
 * opens a cell, is looked at as well; and some pass over spaces and signs that are not seen. Source: OWASP, "CSV
 * Injection".
 */

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const UNSEEN = '["\'\\s\\u00A0\\u200B-\\u200F\\u2028-\\u202F\\u2060-\\u2069\\uFEFF\\u0000-\\u001F]*';
const FORMULA = new RegExp(`(?<=^|[;\\t\\r\\n])(?=${UNSEEN}[=+\\-@＝＋－＠]|[\\t\\r\\n])`, 'g');
const CELL = /(^|[,\n])("(?:[^"]|"")*"|[^",\r\n]*)/g;
/** Tells Excel that the file is in UTF-8. */
export const BYTE_ORDER_MARK = '\uFEFF';

/** @param {string} cell */
export function quoted(cell) {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** @param {string} cell  for a spreadsheet: no formula, whatever it is called */
export function harmless(cell) {
  if (NUMBER.test(cell)) return cell;
  const text = cell.replace(FORMULA, "'");
  return /[",;\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** @param {string} csv  the exact file */
export function forSpreadsheets(csv) {
  const mend = (/** @type {string} */ _, /** @type {string} */ before, /** @type {string} */ cell) => {
    const text = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
    return before + harmless(text);
  };
  return BYTE_ORDER_MARK + csv.replace(CELL, mend);
}
