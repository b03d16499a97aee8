// @ts-check
/**
 * The images of one set as small tiles, grouped by identity.
 *
 * Thousands of images: they are taken up a few milliseconds a frame, and only pages of tiles near what is in sight are
 * built (tile-pages.js); of those the browser skips what is out of sight (`content-visibility` in image-list.css).
 * Emits `choose` (detail id) on click or Enter, `move` (detail id) on arrow keys, `remove` (detail id) on Delete,
 * `settled` when all changes are shown.
 *
 * @typedef {import('../../types.js').Item} Item
 * @typedef {import('../../types.js').QueryResult} QueryResult
 */
import { identityName } from '../../words/format.js';
import { neighbour } from '../arrows.js';
import { View } from '../view.js';
import { TileGroups } from './tile-groups.js';
import { TilePagesView } from './tile-pages-view.js';
import { createTile, updateTile } from './tile.js';

const FRAME_BUDGET_MS = 6;

export class ImageListView extends View {
  #groups = new TileGroups();
  #pages;
  /** @type {Map<number, Item>} by id */
  #items = new Map();
  /** @type {Map<number, Item | undefined>} changed images that are not shown yet; undefined = removed */
  #changed = new Map();
  /** @type {Map<number, QueryResult>} */
  #results = new Map();
  /** @type {Set<number> | null} */
  #only = null;
  #text = '';
  #frame = 0;
  /** Images came, went or changed their order since the pages were cut. */
  #isStale = false;
  /** @type {number | null} id of the tile that is marked */
  #marked = null;
  /** @type {number | null} id of the tile that the Tab key reaches */
  #current = null;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    this.#pages = new TilePagesView(
      element,
      (id) => this.#tileOf(id),
      () => this.#workSoon(),
    );
    element.addEventListener('click', (event) => this.#onClick(event));
    element.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** @param {Map<number, Item | undefined>} changed  by id; undefined = no longer in this set */
  update(changed) {
    for (const [id, item] of changed)
      if (item || this.#items.has(id) || this.#changed.has(id)) this.#changed.set(id, item);
    this.#workSoon();
  }

  /**
   * @param {QueryResult[]} results
   * @param {(id: number) => Item | undefined} itemOf
   */
  updateResults(results, itemOf) {
    const old = this.#results;
    this.#results = new Map(results.map((result) => [result.id, result]));
    const ids = new Set([...old.keys(), ...this.#results.keys()]);
    const isNew = (/** @type {number} */ id) => !isSame(old.get(id), this.#results.get(id));
    const changed = [...ids].filter((id) => isNew(id) && itemOf(id) && !this.#changed.has(id));
    this.update(new Map(changed.map((id) => [id, itemOf(id)])));
  }

  /** @param {number | null} id  marked, reached by the Tab key, and in sight */
  select(id) {
    this.mark(id);
    if (id !== null) this.#pages.reveal(id)?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {number | null} id  marked where it is */
  mark(id) {
    if (id === this.#marked) return;
    if (this.#marked !== null) this.#pages.tile(this.#marked)?.setAttribute('aria-selected', 'false');
    this.#marked = id;
    if (id === null) return;
    this.#pages.tile(id)?.setAttribute('aria-selected', 'true');
    this.#makeCurrent(id);
  }

  /** @returns {number[]} ids in the shown order, without what the filter hides */
  order() {
    return this.#pages.order();
  }

  /**
   * Shows only images whose identity or path contains `text`, and whose id is in `only`.
   * @param {string} text
   * @param {Set<number> | null} only
   */
  filter(text, only) {
    this.#text = text.trim().toLowerCase();
    this.#only = only;
    this.#cut();
    this.#workSoon();
  }

  /**
   * Puts groups, and the tiles in them, in ascending order of `keyOf`.
   * @param {(id: number) => number} keyOf
   */
  sort(keyOf) {
    this.#groups.sort(keyOf);
    this.#cut();
    this.#workSoon();
  }

  #workSoon() {
    this.#frame ||= requestAnimationFrame(() => this.#work());
  }

  #work() {
    const end = performance.now() + FRAME_BUDGET_MS;
    for (const [id, item] of this.#changed) {
      this.#changed.delete(id);
      this.#apply(id, item);
      if (performance.now() > end) break;
    }
    if (this.#isStale && this.#changed.size === 0) this.#cut();
    const isOver = () => performance.now() > end;
    const isBuilt = !isOver() && this.#pages.build(isOver);
    this.#frame = 0;
    if (this.#changed.size > 0 || !isBuilt) this.#workSoon();
    else this.emit('settled');
  }

  /**
   * @param {number} id
   * @param {Item | undefined} item
   */
  #apply(id, item) {
    if (item) this.#items.set(id, item);
    else this.#items.delete(id);
    this.#isStale = this.#groups.put(id, item ? item.identity : undefined) || this.#isStale;
    const tile = this.#pages.tile(id);
    if (tile && item) updateTile(tile, item, this.#results.get(id));
  }

  /** Cuts the pages again. */
  #cut() {
    this.#isStale = false;
    const passes = this.#text || this.#only ? (/** @type {number} */ id) => this.#passes(id) : null;
    this.#pages.cut(this.#groups.shown(passes));
    const [first] = this.#pages.order();
    if (this.#current === null || !this.#pages.has(this.#current)) this.#makeCurrent(first ?? null);
  }

  /** @param {number} id  of an image whose tile is built */
  #tileOf(id) {
    const item = /** @type {Item} */ (this.#items.get(id));
    const tile = createTile(item);
    updateTile(tile, item, this.#results.get(id));
    tile.setAttribute('aria-selected', String(id === this.#marked));
    tile.tabIndex = id === this.#current ? 0 : -1;
    return tile;
  }

  /** @param {number} id */
  #passes(id) {
    if (this.#only && !this.#only.has(id)) return false;
    const { identity, path } = /** @type {Item} */ (this.#items.get(id));
    return `${identityName(identity)}\n${path}`.toLowerCase().includes(this.#text);
  }

  /** @param {number | null} id */
  #makeCurrent(id) {
    const set = (/** @type {number} */ tabIndex) => {
      const tile = this.#current === null ? undefined : this.#pages.tile(this.#current);
      if (tile) tile.tabIndex = tabIndex;
    };
    set(-1);
    this.#current = id;
    this.#pages.keep(id);
    set(0);
    this.#workSoon();
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const tile = event.target instanceof Element ? event.target.closest('.tile') : null;
    if (!(tile instanceof HTMLElement)) return;
    this.#makeCurrent(Number(tile.dataset.id));
    this.emit('choose', this.#current);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const tile = event.target;
    if (!(tile instanceof HTMLElement) || !tile.dataset.id) return;
    if (event.key === 'Delete') this.#removeCurrent(tile);
    const next = this.#next(tile, event.key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    this.#makeCurrent(Number(next.dataset.id));
    next.focus();
    this.emit('move', this.#current);
  }

  /**
   * Where a key leads; Home and End to tiles that may not be built yet.
   * @param {HTMLElement} tile
   * @param {string} key
   */
  #next(tile, key) {
    const ends = /** @type {Record<string, number>} */ ({ Home: 0, End: -1 });
    const end = key in ends ? this.order().at(ends[key]) : undefined;
    return end === undefined ? neighbour(this.#pages.built(), tile, key) : this.#pages.reveal(end);
  }

  /** @param {HTMLElement} tile  the focus goes to its neighbour */
  #removeCurrent(tile) {
    const next = this.#next(tile, 'ArrowRight') ?? this.#next(tile, 'ArrowLeft');
    if (next) this.#makeCurrent(Number(next.dataset.id));
    next?.focus();
    this.emit('remove', Number(tile.dataset.id));
  }
}

/**
 * @param {QueryResult | undefined} a
 * @param {QueryResult | undefined} b
 */
function isSame(a, b) {
  return (
    a?.averagePrecision === b?.averagePrecision &&
    a?.firstMatchRank === b?.firstMatchRank &&
    a?.bestIsMatch === b?.bestIsMatch &&
    a?.unmatched === b?.unmatched &&
    a?.removed === b?.removed
  );
}
