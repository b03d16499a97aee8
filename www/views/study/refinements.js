// @ts-check
/** Refinements: what is done before ranking. Emits `change` (detail Refinements). */
import { View } from '../view.js';
import { checkNumbers } from './number-fields.js';

/** @extends {View<HTMLFormElement>} */
export class RefinementsView extends View {
  /** @param {HTMLFormElement} form */
  constructor(form) {
    super(form);
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('change', () => {
      // "reRanking.k1" is of the box "reRanking".
      const isUsed = (/** @type {HTMLInputElement} */ { name }) => this.#input(name.split('.')[0]).checked;
      if (checkNumbers(form, 'The refinements stay as they are.', isUsed)) this.emit('change', this.#read());
    });
  }

  /** @param {boolean} isCollection  images are searched for among themselves, where no refinement applies */
  update(isCollection) {
    if (this.element.classList.contains('is-collection') === isCollection) return;
    this.element.classList.toggle('is-collection', isCollection);
    for (const fieldset of this.element.querySelectorAll('fieldset')) fieldset.disabled = isCollection;
    this.emit('change', isCollection ? {} : this.#read());
  }

  /** @returns {import('../../types.js').Refinements} */
  #read() {
    const isOn = (/** @type {string} */ name) => this.#input(name).checked;
    const number = (/** @type {string} */ name) => this.#input(name).valueAsNumber;
    const components = number('whitening.components');
    const norm = /** @type {'z' | 't' | 's' | ''} */ (
      /** @type {HTMLSelectElement} */ (this.element.elements.namedItem('normalisation')).value
    );
    return {
      ...(isOn('averageGallery') && { averageGallery: true }),
      ...(isOn('averageQueries') && { averageQueries: true }),
      ...(isOn('queryExpansion') && {
        queryExpansion: { k: number('queryExpansion.k'), alpha: number('queryExpansion.alpha') },
      }),
      ...(isOn('reRanking') && {
        reRanking: { k1: number('reRanking.k1'), k2: number('reRanking.k2'), lambda: number('reRanking.lambda') },
      }),
      ...(isOn('whitening') && { whitening: { components: Number.isNaN(components) ? null : components, epsilon: 0 } }),
      ...(norm && { normalisation: { norm, cohort: /** @type {const} */ ('all') } }),
    };
  }

  /** @param {string} name */
  #input(name) {
    return /** @type {HTMLInputElement} */ (this.element.elements.namedItem(name));
  }
}
