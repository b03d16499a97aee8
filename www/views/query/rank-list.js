// @ts-check
/**
 * The gallery, ranked for the chosen query. Emits `open` (detail index of the rank) and `more`.
 *
 * @typedef {import('../../types.js').Item} Item
 * @typedef {import('../../types.js').RankEntry} RankEntry
 *
 * @typedef {object} Ranks
 * @property {number | null} queryId
 * @property {RankEntry[]} entries
 * @property {number} total          ranked gallery images, shown or not
 * @property {import('../../types.js').Unmatched | null} unmatched   why none of them can be a match
 * @property {(id: number) => Item | undefined} itemOf
 */
import { fileName, fraction, whole } from '../../words/format.js';
import { UNMATCHED_WORDS } from '../../words/reasons.js';
import { neighbour } from '../arrows.js';
import { clone, find, setMark, setText } from '../dom.js';
import { View } from '../view.js';
import { moveFrom, positions } from './moves.js';

export class RankListView extends View {
  #more;
  #note;
  /** @type {Map<number, HTMLElement>} by gallery id */
  #rows = new Map();
  /** @type {number | null} */
  #queryId = null;

  /**
   * @param {HTMLElement} element
   * @param {HTMLElement} more
   * @param {HTMLElement} note
   */
  constructor(element, more, note) {
    super(element);
    this.#more = more;
    this.#note = note;
    more.addEventListener('click', () => this.emit('more'));
    element.addEventListener('click', (event) => this.#onClick(event));
    element.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /**
   * @param {Ranks} ranks
   * @param {string} note     why there are none yet
   * @param {boolean} animate  show how images of the same query change their ranks
   */
  update({ queryId, entries, total, unmatched, itemOf }, note, animate) {
    const isSame = queryId === this.#queryId;
    const before = animate && isSame ? positions(this.#rows) : null;
    const left = isSame ? this.element.scrollLeft : 0;
    this.#queryId = queryId;
    const absent = unmatched ? `; this identity is ${UNMATCHED_WORDS[unmatched]}` : '';
    this.#note.textContent = entries.length ? `${whole(entries.length)} of ${whole(total)}${absent}` : note;
    this.#more.hidden = entries.length >= total || entries.length === 0;
    const shown = new Set(entries.map(({ id }) => id));
    const focusedAt = this.#focusedAt();
    for (const [id, row] of this.#rows) if (!shown.has(id)) this.#drop(id, row);
    entries.forEach((entry, index) => this.#place(entry, index, total, itemOf(entry.id)));
    // The focus stays at its rank, whichever image is there now.
    if (focusedAt >= 0) this.#buttons()[Math.min(focusedAt, entries.length - 1)]?.focus({ preventScroll: true });
    this.#setTabStop();
    // On a narrow screen the list would follow the image that was first until now.
    this.element.scrollLeft = left;
    if (before) moveFrom(before, this.#rows);
  }

  /** Moves the focus into the ranks, or on to the next of them. @param {number} direction -1 or 1 */
  walk(direction) {
    const buttons = this.#buttons();
    const focused = this.#focusedAt();
    const next = focused < 0 ? buttons.find(({ tabIndex }) => tabIndex === 0) : buttons[focused + direction];
    next?.focus();
    this.#setTabStop();
  }

  /**
   * @param {RankEntry} entry
   * @param {number} index
   * @param {number} total
   * @param {Item | undefined} item
   */
  #place(entry, index, total, item) {
    if (!item) return;
    const row = this.#rows.get(entry.id) ?? clone('rank-entry');
    this.#rows.set(entry.id, row);
    fill(row, entry, total, item);
    const there = this.element.children[index];
    if (there !== row) this.element.insertBefore(row, there ?? null);
  }

  /**
   * @param {number} id
   * @param {HTMLElement} row
   */
  #drop(id, row) {
    row.remove();
    this.#rows.delete(id);
  }

  /** Index of the rank that has the focus; -1 if none has. */
  #focusedAt() {
    return this.#buttons().indexOf(/** @type {HTMLElement} */ (document.activeElement));
  }

  #buttons() {
    return /** @type {HTMLElement[]} */ ([...this.element.querySelectorAll('.rank')]);
  }

  /** The Tab key reaches one of the ranks: the one with the focus, else the first. */
  #setTabStop() {
    const buttons = this.#buttons();
    const focused = buttons.find((button) => button === document.activeElement);
    buttons.forEach((button, index) => {
      button.tabIndex = button === focused || (!focused && index === 0) ? 0 : -1;
    });
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const row = event.target instanceof Element ? event.target.closest('li') : null;
    if (row) this.emit('open', [...this.element.children].indexOf(row));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (!(event.target instanceof HTMLElement) || event.key === 'ArrowUp' || event.key === 'ArrowDown') return;
    const next = neighbour(this.#buttons(), event.target, event.key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    next.focus();
    this.#setTabStop();
  }
}

/**
 * @param {HTMLElement} row
 * @param {RankEntry} entry
 * @param {number} total
 * @param {Item} item
 */
function fill(row, { id, rank, similarity, isMatch }, total, item) {
  const match = isMatch === null ? 'unknown' : String(isMatch);
  Object.assign(row.dataset, { id, path: item.path, rank, similarity, match });
  const image = find(row, 'img', HTMLImageElement);
  if (item.thumbnail && image.src !== item.thumbnail) image.src = item.thumbnail;
  if (!item.file) find(row, '.rank-frame', HTMLElement).dataset.placeholder = fileName(item.path);
  setMark(row, isMatch === null ? null : isMatch ? 'match' : 'other');
  setText(row, '.rank-number', String(rank));
  setText(row, '.rank-similarity', fraction(similarity));
  setText(row, '.rank-identity', item.identity ?? '');
  const verdict = isMatch === null ? '' : isMatch ? 'correct, ' : 'incorrect, ';
  const label =
    `rank ${rank} of ${total}, ${verdict}similarity ${fraction(similarity)}, ` +
    `${item.identity === null ? 'unlabelled' : `identity ${item.identity}`}`;
  find(row, '.rank', HTMLElement).setAttribute('aria-label', label);
  row.title = item.path;
}
