// @ts-check
/**
 * Filter and order of the query list.
 * Emits `filter` (detail text), `sort` (detail 'dropped' | 'worst'), `clear-filter`.
 */
import { find } from '../dom.js';
import { View } from '../view.js';

export class ListToolsView extends View {
  #find;
  #clear;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    this.#find = find(element, '.find', HTMLInputElement);
    this.#clear = find(element, '#clear-filter', HTMLButtonElement);
    const sort = find(element, '#sort-queries', HTMLSelectElement);
    this.#find.addEventListener('input', () => this.emit('filter', this.#find.value));
    this.#find.addEventListener('keydown', (event) => event.key === 'Escape' && this.#leave());
    this.#clear.addEventListener('click', () => this.emit('clear-filter'));
    sort.addEventListener('change', () => this.emit('sort', sort.value));
  }

  /** @param {string} only  what is shown, '' if everything is */
  update(only) {
    this.#clear.hidden = only === '';
    this.#clear.textContent = `${only}. Show all`;
  }

  /** Shows all identities again and gives the keys back to the page. */
  #leave() {
    this.#find.value = '';
    this.#find.blur();
    this.emit('filter', '');
  }

  focus() {
    this.#find.focus();
    this.#find.select();
  }
}
