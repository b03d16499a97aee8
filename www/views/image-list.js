// @ts-check
/**
 * The images of one set as small tiles, grouped by identity.
 *
 * Thousands of tiles: built a few milliseconds a frame, each only touched when its image changed; the browser
 * skips what is out of sight (`content-visibility` in image-list.css).
 * Emits `choose` (detail id) on click or Enter, `move` (detail id) on arrow keys, `remove` (detail id) on Delete.
 *
 * @typedef {import('../types.js').Item} Item
 * @typedef {import('../types.js').QueryResult} QueryResult
 * @typedef {{element: HTMLElement, tiles: number, shown: number}} Group   shown: tiles that the filter does not hide
 */
import { identityName } from '../format.js';
import { clone, find } from './dom.js';
import { neighbour } from './arrows.js';
import { createTile, updateTile } from './tile.js';
import { View } from './view.js';

const FRAME_BUDGET_MS = 6;
const COLUMNS = 5;

export class ImageList extends View {
  /** @type {Map<number, HTMLElement>} by item id */
  #tiles = new Map();
  /** @type {Map<string | null, Group>} by identity */
  #groups = new Map();
  /** @type {Map<HTMLElement, Group>} by tile */
  #groupOf = new Map();
  /** @type {Map<number, Item | undefined>} changed images that are not shown yet; undefined = removed */
  #changed = new Map();
  /** @type {Map<number, QueryResult>} */
  #results = new Map();
  /** @type {Set<number> | null} */
  #only = null;
  #text = '';
  #frame = 0;
  /** @type {HTMLElement | null} the tile that the Tab key reaches */
  #current = null;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    element.addEventListener('click', (event) => this.#onClick(event));
    element.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** @param {Map<number, Item | undefined>} changed  by id; undefined = not in this set any more */
  update(changed) {
    for (const [id, item] of changed) this.#changed.set(id, item);
    this.#frame ||= requestAnimationFrame(() => this.#work());
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
    this.mark(id)?.scrollIntoView({ block: 'nearest' });
  }

  /** @param {number | null} id  marked where it is */
  mark(id) {
    const tile = id === null ? undefined : this.#tiles.get(id);
    const marked = this.element.querySelector('[aria-selected=true]');
    if (marked === tile) return tile;
    marked?.setAttribute('aria-selected', 'false');
    tile?.setAttribute('aria-selected', 'true');
    if (tile) this.#makeCurrent(tile);
    return tile;
  }

  /** @returns {number[]} ids in the shown order, without what the filter hides */
  order() {
    return this.#visible().map((tile) => Number(tile.dataset.id));
  }

  /**
   * Shows only images whose identity or path contains `text`, and whose id is in `only`.
   * @param {string} text
   * @param {Set<number> | null} only
   */
  filter(text, only) {
    this.#text = text.trim().toLowerCase();
    this.#only = only;
    for (const group of this.#groups.values()) group.shown = 0;
    for (const [tile, group] of this.#groupOf) {
      tile.hidden = !this.#passes(tile, group);
      group.shown += Number(!tile.hidden);
    }
    for (const group of this.#groups.values()) this.#measure(group);
  }

  /**
   * Puts groups, and the tiles in them, in ascending order of `keyOf`.
   * @param {(id: number) => number} keyOf
   */
  sort(keyOf) {
    const keyOfTile = (/** @type {Element} */ tile) => keyOf(Number(/** @type {HTMLElement} */ (tile).dataset.id));
    const keyed = Array.from(this.#groups.values(), ({ element: group }) => {
      const shown = [...group.querySelectorAll('.tile')];
      const tiles = shown.toSorted((a, b) => keyOfTile(a) - keyOfTile(b));
      if (tiles.some((tile, index) => tile !== shown[index])) group.append(...tiles);
      return { group, key: tiles.length ? keyOfTile(tiles[0]) : 0 };
    });
    keyed.sort((a, b) => a.key - b.key);
    this.element.append(...keyed.map(({ group }) => group));
  }

  #work() {
    const start = performance.now();
    /** @type {Set<Group>} */
    const groups = new Set();
    for (const [id, item] of this.#changed) {
      this.#changed.delete(id);
      this.#apply(id, item, groups);
      if (performance.now() - start > FRAME_BUDGET_MS) break;
    }
    for (const group of groups) this.#measure(group);
    const first = this.#current ? null : this.element.querySelector('.tile');
    if (first instanceof HTMLElement) this.#makeCurrent(first);
    this.#frame = this.#changed.size ? requestAnimationFrame(() => this.#work()) : 0;
    if (!this.#frame) this.emit('settled');
  }

  /**
   * @param {number} id
   * @param {Item | undefined} item
   * @param {Set<Group>} groups   collects those whose number of tiles changed
   */
  #apply(id, item, groups) {
    const old = this.#tiles.get(id);
    const oldGroup = old && this.#groupOf.get(old);
    if (old && oldGroup && (!item || this.#groups.get(item.identity) !== oldGroup)) {
      this.#takeOut(old, oldGroup);
      groups.add(oldGroup);
      if (!item) this.#tiles.delete(id);
    }
    if (!item) return;
    const tile = old ?? createTile(item);
    this.#tiles.set(id, tile);
    updateTile(tile, item, this.#results.get(id));
    if (!this.#groupOf.has(tile)) groups.add(this.#insert(tile, item));
  }

  /**
   * @param {HTMLElement} tile
   * @param {Group} group
   */
  #takeOut(tile, group) {
    if (this.#current === tile) this.#current = null;
    this.#groupOf.delete(tile);
    group.tiles -= 1;
    group.shown -= Number(!tile.hidden);
    tile.remove();
  }

  /**
   * @param {HTMLElement} tile
   * @param {Item} item
   */
  #insert(tile, item) {
    const group = this.#groupFor(item.identity);
    const { element } = group;
    const later = (/** @type {Element} */ other) => Number(/** @type {HTMLElement} */ (other).dataset.id) > item.id;
    let next = null;
    for (let last = element.lastElementChild; last && later(last); last = last.previousElementSibling) next = last;
    element.insertBefore(tile, next);
    tile.hidden = !this.#passes(tile, group);
    this.#groupOf.set(tile, group);
    group.tiles += 1;
    group.shown += Number(!tile.hidden);
    if (!this.#current) this.#makeCurrent(tile);
    return group;
  }

  /** @param {string | null} identity */
  #groupFor(identity) {
    const known = this.#groups.get(identity);
    if (known) return known;
    const element = clone('tile-group');
    element.setAttribute('aria-label', identityName(identity));
    element.title = identityName(identity);
    find(element, '.tile-group-name', HTMLElement).textContent = identity ?? 'none';
    const group = { element, tiles: 0, shown: 0 };
    this.#groups.set(identity, group);
    this.element.append(element);
    return group;
  }

  /** @param {Group} group  its width and height in tiles, or nothing left of it */
  #measure(group) {
    const { element, tiles, shown } = group;
    element.hidden = shown === 0;
    element.style.setProperty('--span', String(Math.min(COLUMNS, Math.max(1, shown))));
    element.style.setProperty('--rows', String(Math.ceil(shown / COLUMNS)));
    if (tiles > 0) return;
    element.remove();
    for (const [identity, known] of this.#groups) if (known === group) this.#groups.delete(identity);
  }

  /**
   * @param {HTMLElement} tile
   * @param {Group} group
   */
  #passes(tile, group) {
    if (!this.#only && !this.#text) return true;
    const { id, path = '' } = tile.dataset;
    if (this.#only && !this.#only.has(Number(id))) return false;
    const identity = group.element.getAttribute('aria-label') ?? '';
    return `${identity}\n${path}`.toLowerCase().includes(this.#text);
  }

  #visible() {
    return /** @type {HTMLElement[]} */ ([...this.element.querySelectorAll('.tile:not([hidden])')]);
  }

  /** @param {HTMLElement} tile */
  #makeCurrent(tile) {
    if (this.#current) this.#current.tabIndex = -1;
    this.#current = tile;
    tile.tabIndex = 0;
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const tile = event.target instanceof Element ? event.target.closest('.tile') : null;
    if (!(tile instanceof HTMLElement)) return;
    this.#makeCurrent(tile);
    this.emit('choose', Number(tile.dataset.id));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const tile = event.target;
    if (!(tile instanceof HTMLElement) || !tile.dataset.id) return;
    if (event.key === 'Delete') this.#removeCurrent(tile);
    const next = neighbour(this.#visible(), tile, event.key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    this.#makeCurrent(next);
    next.focus();
    this.emit('move', Number(next.dataset.id));
  }

  /** @param {HTMLElement} tile  the focus goes to its neighbour */
  #removeCurrent(tile) {
    const visible = this.#visible();
    const next = neighbour(visible, tile, 'ArrowRight') ?? neighbour(visible, tile, 'ArrowLeft');
    if (next) this.#makeCurrent(next);
    next?.focus();
    this.emit('remove', Number(tile.dataset.id));
  }
}

/**
 * @param {QueryResult | undefined} a
 * @param {QueryResult | undefined} b
 */
function isSame(a, b) {
  return a?.averagePrecision === b?.averagePrecision && a?.firstMatchRank === b?.firstMatchRank
    && a?.bestIsMatch === b?.bestIsMatch && a?.unmatched === b?.unmatched && a?.removed === b?.removed;
}
