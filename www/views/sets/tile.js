// @ts-check
/**
 * One image in a set's list.
 *
 * @typedef {import('../../types.js').Item} Item
 * @typedef {import('../../types.js').QueryResult} QueryResult
 */
import { count, fileName, fraction, identityName, isolated } from '../../words/format.js';
import { UNMATCHED_WORDS } from '../../words/reasons.js';
import { clone, find, setMark } from '../dom.js';

const STATUS_WORDS = { waiting: 'waiting', working: 'being processed', done: '', failed: 'could not be read' };

/** @param {Item} item */
export function createTile(item) {
  const tile = clone('tile');
  tile.dataset.id = String(item.id);
  tile.dataset.path = item.path;
  if (!item.file) tile.dataset.placeholder = fileName(item.path);
  return tile;
}

/**
 * @param {HTMLElement} tile
 * @param {Item} item
 * @param {QueryResult | undefined} result   of a query, once it is ranked
 */
export function updateTile(tile, item, result) {
  const image = find(tile, 'img', HTMLImageElement);
  if (item.thumbnail && image.src !== item.thumbnail) image.src = item.thumbnail;
  const isMatch = result?.bestIsMatch ?? null;
  tile.dataset.status = item.status;
  tile.dataset.match = result?.unmatched ? 'none' : isMatch === null ? 'unknown' : String(isMatch);
  setMark(tile, result?.unmatched ? 'absent' : isMatch === null ? null : isMatch ? 'match' : 'other');
  const number = result && result.averagePrecision !== null ? result.averagePrecision.toFixed(2) : '';
  find(tile, '.tile-number', HTMLElement).textContent = number;
  const words = describe(item, result);
  tile.title = words;
  tile.setAttribute('aria-label', words);
}

/**
 * "0001051, a.jpg, first match at rank 1, AP 0.83".
 * @param {Item} item
 * @param {QueryResult | undefined} result
 */
function describe(item, result) {
  const words = [isolated(identityName(item.identity)), isolated(item.path), STATUS_WORDS[item.status]];
  if (result?.unmatched) words.push(UNMATCHED_WORDS[result.unmatched]);
  if (result?.firstMatchRank) words.push(`first match at rank ${result.firstMatchRank}`);
  if (result && result.averagePrecision !== null) words.push(`AP ${fraction(result.averagePrecision)}`);
  if (result?.removed) words.push(`${count(result.removed, 'gallery image')} left out`);
  return words.filter(Boolean).join(', ');
}
