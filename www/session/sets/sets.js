// @ts-check
/**
 * What is done to the two sets, whatever they hold: remove, clear, make room, undo.
 *
 * Dispatches `change` after every change, `arriving` before anything of the person's own is added, and `cleared` when
 * both sets are emptied on request.
 *
 * @typedef {import('../../types.js').Item} Item
 * @typedef {import('../../types.js').SetName} SetName
 */
import { emit } from '../../events.js';
import { count, fileName, isolated } from '../../words/format.js';

export class Sets extends EventTarget {
  #items;
  #embedder;
  #notices;
  #problems;
  /** @type {() => void} what waits for room */
  #goOn = () => {};
  /** @type {Item[]} what has made room, until the undo takes them over */
  #replaced = [];

  /**
   * @param {object} parts
   * @param {import('../items.js').Items} parts.items
   * @param {import('../embedding/embedder.js').Embedder} parts.embedder
   * @param {import('../notices.js').Notices} parts.notices
   * @param {import('../problems.js').Problems} parts.problems
   */
  constructor({ items, embedder, notices, problems }) {
    super();
    this.#items = items;
    this.#embedder = embedder;
    this.#notices = notices;
    this.#problems = problems;
  }

  /** Something of the person's own is about to be added: the sample makes way for it. */
  announceArrival() {
    emit(this, 'arriving');
  }

  /**
   * Asks before images make room for embeddings from files or the other way round, for these cannot be compared.
   *
   * @param {boolean} forImported
   * @param {() => void} goOn   called once there is room
   * @returns {boolean} whether there is
   */
  makeRoom(forImported, goOn) {
    this.announceArrival();
    const here = this.#items.size;
    if (here === 0 || this.#items.areImported === forImported) return true;
    this.#goOn = goOn;
    const text = forImported
      ? `${count(here, 'image')} here: embeddings from files cannot be compared with them`
      : `${count(here, 'imported embedding')} here: images cannot be compared with them`;
    this.#notices.say(text, { choice: { kind: 'replace' } });
    return false;
  }

  /** What is here makes room for what waits. */
  replace() {
    const goOn = this.#goOn;
    this.#goOn = () => {};
    this.#replaced = this.#takeOut(this.#items.all().map(({ id }) => id));
    goOn();
  }

  /**
   * Says what was added. Undoing that brings back what made room for it.
   *
   * @param {string} text
   * @param {number[]} added   ids
   * @param {import('../../types.js').Choice | null} [choice]
   */
  say(text, added, choice = null) {
    const replaced = this.#replaced;
    this.#replaced = [];
    const back = () => {
      this.discard(added);
      if (replaced.length > 0) this.#bringBack(replaced);
    };
    const undo = added.length ? { back, forget: () => this.#dispose(replaced) } : null;
    this.#notices.say(text, { undo, choice });
    emit(this, 'change');
  }

  /**
   * Removes images; that can be undone.
   *
   * @param {number[]} ids
   * @param {string} [name]  of what is removed
   */
  remove(ids, name) {
    const removed = this.#takeOut(ids);
    if (removed.length === 0) return;
    const undo = { back: () => this.#bringBack(removed), forget: () => this.#dispose(removed) };
    this.#notices.say(`Removed ${name ?? nameOf(removed)}`, { undo });
  }

  /**
   * Puts images into another set; their embeddings stay, and it can be undone.
   *
   * @param {number[]} ids
   * @param {SetName} set
   * @param {string} text   that says so
   */
  move(ids, set, text) {
    const moved = this.#remove(ids);
    const before = moved.map((item) => item.set);
    const put = (/** @type {SetName[]} */ sets) => {
      moved.forEach((item, at) => {
        item.set = sets[at];
      });
      this.#bringBack(moved);
    };
    put(moved.map(() => set));
    const back = () => {
      this.#remove(ids);
      put(before);
    };
    this.#notices.say(text, { undo: { back, forget: () => {} } });
  }

  /** @param {SetName | 'all'} set */
  clear(set) {
    if (set === 'all') emit(this, 'cleared');
    const cleared = set === 'all' ? this.#items.all() : this.#items.of(set);
    const isSide = set === 'query' || set === 'gallery';
    this.remove(
      cleared.map(({ id }) => id),
      count(cleared.length, isSide ? `${set} image` : 'image'),
    );
  }

  /** @param {number[]} ids  removed for good */
  discard(ids) {
    this.#dispose(this.#takeOut(ids));
  }

  /** @param {Item[]} removed */
  #bringBack(removed) {
    this.#items.restore(removed);
    this.#embedder.recall(removed);
    emit(this, 'change');
  }

  /** @param {number[]} ids */
  #takeOut(ids) {
    const removed = this.#remove(ids);
    emit(this, 'change');
    return removed;
  }

  /** Without saying so. @param {number[]} ids */
  #remove(ids) {
    const removed = this.#items.remove(ids);
    this.#embedder.forget(removed);
    const failed = new Set(removed.filter(({ status }) => status === 'failed').map(({ path }) => path));
    if (failed.size) this.#problems.dismiss(({ file, kind }) => kind === 'error' && failed.has(file));
    return removed;
  }

  /** @param {Item[]} removed */
  #dispose(removed) {
    this.#items.dispose(removed);
    this.#embedder.embeddings.discard(removed.map(({ id }) => id));
  }
}

/** @param {Item[]} images  at least one */
function nameOf(images) {
  return images.length === 1 ? isolated(fileName(images[0].path)) : count(images.length, 'image');
}
