// @ts-check
/** The chosen query. Dispatches `change`. */
import { emit } from '../events.js';

export class Selection extends EventTarget {
  /** @type {number | null} of the chosen query */
  id = null;
  #items;
  #evaluator;

  /**
   * @param {import('./items.js').Items} items
   * @param {import('./analyses/evaluation.js').Evaluator} evaluator
   */
  constructor(items, evaluator) {
    super();
    this.#items = items;
    this.#evaluator = evaluator;
  }

  /** The chosen query's image; null if none is chosen. */
  get item() {
    return (this.id === null ? null : this.#items.get(this.id)) ?? null;
  }

  /** @param {number | null} id */
  choose(id) {
    this.id = id;
    this.#evaluator.choose(id);
    emit(this, 'change');
  }

  /** Chooses the query after the one that was removed, or the first, if the chosen one no longer exists. */
  keep() {
    if (this.item) return;
    const queries = this.#items.on('query');
    const next = queries.find(({ id }) => id > (this.id ?? 0)) ?? queries[0];
    if ((next?.id ?? null) !== this.id) this.choose(next?.id ?? null);
  }
}
