// @ts-check
/**
 * The pages of a list of tiles in the document. Those near what is in sight are built; others are empty boxes of the
 * same height.
 *
 * @typedef {import('./tile-pages.js').Group} Group
 * @typedef {import('./tile-pages.js').Page} Page
 * @typedef {import('./tile-pages.js').Piece} Piece
 * @typedef {{element: HTMLElement, page: Page, isNear: boolean, isDue: boolean}} Shown
 *   isDue: its contents have changed since it was built
 */
import { identityName } from '../../words/format.js';
import { clone, find } from '../dom.js';
import { paginate, spanOf } from './tile-pages.js';

/** Above and below what is in sight. */
const NEAR = '800px 0px';

export class TilePagesView {
  #list;
  #createTile;
  #onNear;
  /** @type {Shown[]} */
  #pages = [];
  /** @type {Map<Element, Shown>} */
  #byElement = new Map();
  /** @type {Map<number, Shown>} by id */
  #pageOf = new Map();
  /** @type {Map<number, HTMLElement>} the built ones, by id */
  #tiles = new Map();
  /** @type {number | null} id of a tile that stays built */
  #kept = null;
  #observer;

  /**
   * @param {HTMLElement} list
   * @param {(id: number) => HTMLElement} createTile
   * @param {() => void} onNear   pages have come near: `build` has something to do
   */
  constructor(list, createTile, onNear) {
    this.#list = list;
    this.#createTile = createTile;
    this.#onNear = onNear;
    this.#observer = new IntersectionObserver((entries) => this.#note(entries), { root: list, rootMargin: NEAR });
  }

  /** @param {Group[]} groups */
  cut(groups) {
    const pages = paginate(groups);
    while (this.#pages.length > pages.length) this.#drop(/** @type {Shown} */ (this.#pages.pop()));
    this.#pageOf = new Map();
    pages.forEach((page, index) => {
      const shown = (this.#pages[index] ??= this.#add(page));
      shown.isDue ||= !areSame(shown.page, page);
      shown.page = page;
      const { style } = shown.element;
      style.setProperty('--page-rows', String(page.rows));
      style.setProperty('--page-tiles', String(page.tileRows));
      style.setProperty('--page-names', String(page.names));
      for (const { ids } of page.pieces) for (const id of ids) this.#pageOf.set(id, shown);
    });
    for (const [id, tile] of this.#tiles) if (!this.#pageOf.has(id)) this.#forget(id, tile);
  }

  /**
   * Builds the pages that are near, and empties those that no longer are.
   * @param {() => boolean} isOver   whether to leave the rest for later
   * @returns {boolean}  whether all is done
   */
  build(isOver) {
    const kept = this.#kept === null ? undefined : this.#pageOf.get(this.#kept);
    for (const shown of this.#pages) {
      const isWanted = shown.isNear || shown === kept || this.#pages.length === 1;
      if (isWanted && shown.isDue) this.#fill(shown, isOver);
      else if (!isWanted && shown.element.firstChild) this.#empty(shown);
      else continue;
      if (isOver()) return shown === this.#pages.at(-1) && !shown.isDue;
    }
    return true;
  }

  /** @param {number} id  @returns {HTMLElement | undefined} its tile, built if there is such an image */
  reveal(id) {
    const shown = this.#pageOf.get(id);
    if (shown?.isDue) this.#fill(shown, () => this.#tiles.has(id));
    return this.#tiles.get(id);
  }

  /** @param {number | null} id  whose tile stays built */
  keep(id) {
    this.#kept = id;
  }

  /** @param {number} id  @returns {HTMLElement | undefined} its tile, if it is built */
  tile(id) {
    return this.#tiles.get(id);
  }

  /** @param {number} id */
  has(id) {
    return this.#pageOf.has(id);
  }

  /** Ids in order. */
  order() {
    return [...this.#pageOf.keys()];
  }

  /** All tiles that are built, in order. */
  built() {
    return /** @type {HTMLElement[]} */ ([...this.#list.querySelectorAll('.tile')]);
  }

  /** @param {Page} page */
  #add(page) {
    const element = document.createElement('div');
    element.className = 'tile-page';
    element.setAttribute('role', 'presentation');
    const shown = { element, page, isNear: false, isDue: true };
    this.#byElement.set(element, shown);
    this.#list.append(element);
    this.#observer.observe(element);
    return shown;
  }

  /** @param {Shown} shown */
  #drop({ element }) {
    this.#observer.unobserve(element);
    this.#byElement.delete(element);
    element.remove();
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #note(entries) {
    for (const { target, isIntersecting } of entries) {
      const shown = this.#byElement.get(target);
      if (shown) shown.isNear = isIntersecting;
    }
    this.#onNear();
  }

  /**
   * Groups and tiles that are there already stay, with their focus.
   * @param {Shown} shown
   * @param {() => boolean} isOver
   */
  #fill(shown, isOver) {
    const { element, page } = shown;
    const old = new Map(
      Array.from(element.children, (group) => [/** @type {HTMLElement} */ (group).dataset.identity ?? '', group]),
    );
    /** @type {Element[]} */
    const groups = [];
    for (const piece of page.pieces) {
      const group = /** @type {HTMLElement} */ (old.get(nameOf(piece)) ?? createGroup(piece));
      group.style.setProperty('--span', String(spanOf(piece.ids.length)));
      group.style.setProperty('--rows', String(Math.ceil(piece.ids.length / spanOf(piece.ids.length))));
      arrange(group, [...group.querySelectorAll('.tile-group-name'), ...piece.ids.map((id) => this.#made(id))]);
      groups.push(group);
      if (isOver()) break;
    }
    shown.isDue = groups.length < page.pieces.length;
    arrange(
      element,
      shown.isDue ? [...groups, ...[...element.children].filter((group) => !groups.includes(group))] : groups,
    );
  }

  /** @param {Shown} shown */
  #empty(shown) {
    if (shown.element.contains(document.activeElement)) return;
    for (const tile of shown.element.querySelectorAll('.tile')) {
      const id = Number(/** @type {HTMLElement} */ (tile).dataset.id);
      if (this.#tiles.get(id) === tile) this.#tiles.delete(id);
    }
    shown.element.replaceChildren();
    shown.isDue = true;
  }

  /** @param {number} id */
  #made(id) {
    const tile = this.#tiles.get(id) ?? this.#createTile(id);
    this.#tiles.set(id, tile);
    return tile;
  }

  /**
   * @param {number} id
   * @param {HTMLElement} tile
   */
  #forget(id, tile) {
    this.#tiles.delete(id);
    tile.remove();
  }
}

/** @param {Piece} piece */
function createGroup(piece) {
  const group = clone('tile-group');
  const name = identityName(piece.identity);
  group.setAttribute('aria-label', name);
  group.title = name;
  group.dataset.identity = nameOf(piece);
  const label = find(group, '.tile-group-name', HTMLElement);
  label.textContent = name;
  group.classList.toggle('is-continued', piece.from > 0);
  if (piece.from > 0) label.remove();
  return group;
}

/**
 * Whether two pages hold the same images.
 * @param {Page} one
 * @param {Page} other
 */
function areSame(one, other) {
  return (
    one.pieces.length === other.pieces.length &&
    one.pieces.every(({ identity, ids, from }, index) => {
      const piece = other.pieces[index];
      return (
        identity === piece.identity &&
        from === piece.from &&
        ids.length === piece.ids.length &&
        ids.every((id, at) => id === piece.ids[at])
      );
    })
  );
}

/** @param {Piece} piece  tells it from the others of its page */
function nameOf({ identity, from }) {
  return `${from} ${identity === null ? '' : `=${identity}`}`;
}

/**
 * Makes `children` those of `parent`; one that is in its place is not touched.
 * @param {Element} parent
 * @param {Element[]} children
 */
function arrange(parent, children) {
  children.forEach((child, index) => {
    const there = parent.children[index];
    if (there !== child) parent.insertBefore(child, there ?? null);
  });
  while (parent.children.length > children.length) parent.lastElementChild?.remove();
}
