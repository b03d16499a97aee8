// @ts-check
/**
 * The bundled sample: what it is, the way to close it, to the other one, to the tour, and back to it.
 * Emits `tour`, `leave`, `open` (detail SampleName).
 *
 * @typedef {import('../../session/sets/sample.js').SampleName} SampleName
 */
import { find } from '../dom.js';
import { View } from '../view.js';

export class SampleView extends View {
  #name;

  /**
   * @param {HTMLElement} element
   * @param {HTMLElement} again   the button that brings the sample back
   */
  constructor(element, again) {
    super(element);
    this.#name = find(element, 'select', HTMLSelectElement);
    this.#name.addEventListener('change', () => this.emit('open', this.#name.value));
    find(element, '.tour-start', HTMLButtonElement).addEventListener('click', () => this.emit('tour'));
    find(element, '.sample-leave', HTMLButtonElement).addEventListener('click', () => this.emit('leave'));
    again.addEventListener('click', () => this.emit('open', this.#name.value));
  }

  /** @param {{name: SampleName, isShown: boolean}} sample */
  update({ name, isShown }) {
    this.element.hidden = !isShown;
    this.#name.value = name;
    for (const text of this.element.querySelectorAll('[data-sample]')) {
      /** @type {HTMLElement} */ (text).hidden = /** @type {HTMLElement} */ (text).dataset.sample !== name;
    }
  }
}
