// @ts-check
/** Buttons that save what was computed. Emits `save` (detail: the button's data-export). */
import { find } from './dom.js';
import { View } from './view.js';

export class ExportsView extends View {
  #buttons;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    this.#buttons = [...element.querySelectorAll('button')];
    for (const button of this.#buttons) {
      button.addEventListener('click', () => this.emit('save', button.dataset.export));
    }
  }

  /** @param {import('../types.js').Evaluation | null} evaluation */
  update(evaluation) {
    const hasPairs = evaluation !== null && evaluation.queries > 0 && evaluation.gallery > 0;
    for (const button of this.#buttons) {
      button.disabled = button.dataset.needs === 'pairs' ? !hasPairs : evaluation === null;
    }
  }

  /** @param {boolean} isRefined  the study has refinements, which not all files have */
  showRefined(isRefined) {
    find(this.element, '.exports-note', HTMLElement).hidden = !isRefined;
  }

  /**
   * Hands a file to the browser's downloads.
   * @param {Blob} blob
   * @param {string} name
   */
  save(blob, name) {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}
