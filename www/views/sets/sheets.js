// @ts-check
/** On a narrow screen: the two buttons that open the sets as a sheet. */
import { whole } from '../../words/format.js';
import { find } from '../dom.js';
import { View } from '../view.js';

export class SheetsView extends View {
  #sets;
  #buttons;

  /**
   * @param {HTMLElement} element
   * @param {HTMLElement} sets   the sheet
   */
  constructor(element, sets) {
    super(element);
    this.#sets = sets;
    this.#buttons = [...element.querySelectorAll('button')];
    for (const button of this.#buttons) {
      button.addEventListener('click', () =>
        this.open(sets.dataset.sheet === button.dataset.sheet ? '' : (button.dataset.sheet ?? '')),
      );
    }
    document.addEventListener('keydown', (event) => event.key === 'Escape' && this.close());
  }

  /** @param {{query: number, gallery: number}} images */
  update(images) {
    for (const button of this.#buttons) {
      const set = /** @type {'query' | 'gallery'} */ (button.dataset.sheet);
      find(button, '.sheet-count', HTMLElement).textContent = whole(images[set]);
    }
  }

  close() {
    if (this.#sets.dataset.sheet) this.open('');
  }

  /** @param {string} set  '' closes; without effect on a wide screen */
  open(set) {
    this.#sets.dataset.sheet = set;
    for (const button of this.#buttons) button.setAttribute('aria-expanded', String(button.dataset.sheet === set));
  }
}
