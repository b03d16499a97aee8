// @ts-check
/**
 * Puts the rows and columns of a similarity matrix in the order of their identities, without moving its values.
 *
 * @typedef {import('../types.js').Item} Item
 * @typedef {{item: Item, index: number}} Line   index: the row or column in `values`
 *
 * @typedef {object} OrderedMatrix
 * @property {Line[]} rows
 * @property {Line[]} columns
 * @property {number} low     smallest similarity
 * @property {number} high    largest similarity
 * @property {(row: number, column: number) => number} valueAt   in the new order
 */

const byName = new Intl.Collator('en', { numeric: true });

/**
 * @param {import('../types.js').SimilarityMatrix} matrix
 * @param {(id: number) => Item | undefined} itemOf
 * @returns {OrderedMatrix}
 */
export function orderByIdentity({ rows, columns, values }, itemOf) {
  const orderedRows = ordered(rows, itemOf);
  const orderedColumns = ordered(columns, itemOf);
  const valueAt = (/** @type {number} */ row, /** @type {number} */ column) => {
    return values[orderedRows[row].index * columns.length + orderedColumns[column].index];
  };
  return { rows: orderedRows, columns: orderedColumns, ...range(values), valueAt };
}

/**
 * Those without identity last; images of one identity as dropped.
 * @param {number[]} ids
 * @param {(id: number) => Item | undefined} itemOf
 * @returns {Line[]}
 */
function ordered(ids, itemOf) {
  const lines = ids.flatMap((id, index) => {
    const item = itemOf(id);
    return item ? [{ item, index }] : [];
  });
  const names = [...new Set(lines.flatMap(({ item }) => item.identity ?? []))].sort(byName.compare);
  const place = new Map(names.map((name, index) => [name, index]));
  const placeOf = (/** @type {Line} */ { item }) =>
    item.identity === null ? names.length : (place.get(item.identity) ?? 0);
  return lines.sort((a, b) => placeOf(a) - placeOf(b) || a.item.id - b.item.id);
}

/** @param {Float32Array} values */
function range(values) {
  let low = Infinity;
  let high = -Infinity;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/**
 * Whether a pair is one file, which is never a match.
 * @param {Item} query
 * @param {Item} gallery
 */
export function isSameFile(query, gallery) {
  return query.content !== null && query.content === gallery.content;
}
