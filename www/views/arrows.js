// @ts-check
/** Arrow keys in a wrapping row of tiles. */

/**
 * @param {HTMLElement[]} tiles     in order
 * @param {HTMLElement} current
 * @param {string} key              of a keydown event
 * @returns {HTMLElement | undefined} where an arrow, Home or End leads; undefined for other keys and at the edge
 */
export function neighbour(tiles, current, key) {
  const index = tiles.indexOf(current);
  if (key === 'ArrowRight') return tiles[index + 1];
  if (key === 'ArrowLeft') return tiles[index - 1];
  if (key === 'Home') return tiles[0];
  if (key === 'End') return tiles.at(-1);
  if (key === 'ArrowDown') return inNextRow(tiles.slice(index + 1), current, 1);
  if (key === 'ArrowUp') return inNextRow(tiles.slice(0, index).reverse(), current, -1);
  return undefined;
}

/**
 * The tile of the nearest other row that is closest to `current` sideways.
 * @param {HTMLElement[]} others   nearest first
 * @param {HTMLElement} current
 * @param {1 | -1} direction
 */
function inNextRow(others, current, direction) {
  const from = current.getBoundingClientRect();
  let best;
  let bestDistance = Infinity;
  let row = null;
  for (const other of others) {
    const rect = other.getBoundingClientRect();
    if ((rect.top - from.top) * direction < from.height / 2) continue;
    row ??= rect.top;
    if (Math.abs(rect.top - row) > from.height / 2) break;
    const distance = Math.abs(rect.left - from.left);
    if (distance < bestDistance) [best, bestDistance] = [other, distance];
  }
  return best;
}
