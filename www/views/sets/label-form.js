// @ts-check
/**
 * Identity and camera of one image, to be corrected, and the button that removes it. A part of other views.
 *
 * @typedef {import('../../types.js').Item} Item
 * @typedef {{identity?: string | null, camera?: string | null}} LabelPatch
 */
import { clone, find } from '../dom.js';

export class LabelFormView {
  #inputs;
  /** @type {number} */
  #id = 0;

  /**
   * @param {(id: number, patch: LabelPatch) => void} onLabel
   * @param {(id: number) => void} onRemove
   */
  constructor(onLabel, onRemove) {
    this.element = clone('label-form');
    this.#inputs = {
      identity: find(this.element, '[name=identity]', HTMLInputElement),
      camera: find(this.element, '[name=camera]', HTMLInputElement),
    };
    for (const [name, input] of Object.entries(this.#inputs)) {
      input.addEventListener('change', () => onLabel(this.#id, { [name]: input.value.trim() || null }));
    }
    find(this.element, '.remove', HTMLButtonElement).addEventListener('click', () => onRemove(this.#id));
    this.element.addEventListener('submit', (event) => this.#submit(event));
  }

  /** @param {Item} item */
  update({ id, identity, camera }) {
    const isOther = id !== this.#id;
    this.#id = id;
    this.#fill(this.#inputs.identity, identity, isOther);
    this.#fill(this.#inputs.camera, camera, isOther);
  }

  /**
   * What is being typed for this image stays.
   * @param {HTMLInputElement} input
   * @param {string | null} value
   * @param {boolean} isOther
   */
  #fill(input, value, isOther) {
    if (isOther || document.activeElement !== input) input.value = value ?? '';
  }

  /** @param {Event} event  Enter in an input: take the value, stay on the page */
  #submit(event) {
    event.preventDefault();
    if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur();
  }
}
