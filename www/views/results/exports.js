// @ts-check
/**
 * Buttons that save what was computed. Emits `save` (detail {what: the button's data-export, isForSpreadsheets}) and
 * `cancel`.
 */
import { notEmbeddedWords } from '../../words/reasons.js';
import { find, setText } from '../dom.js';
import { View } from '../view.js';

/** Of two files that are saved at once, WebKit saves the last one only. */
const GAP_MS = 150;

export class ExportsView extends View {
  #buttons;
  #progress;
  /** Until the file before is on its way. */
  #before = Promise.resolve();

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    const forSpreadsheets = find(element, '#for-spreadsheets', HTMLInputElement);
    this.#progress = find(element, '.save-progress', HTMLElement);
    this.#buttons = Array.from(element.querySelectorAll('button')).filter(({ dataset }) => dataset.export);
    for (const button of this.#buttons) {
      button.addEventListener('click', () =>
        this.emit('save', { what: button.dataset.export, isForSpreadsheets: forSpreadsheets.checked }),
      );
    }
    find(element, '.save-cancel', HTMLButtonElement).addEventListener('click', () => this.emit('cancel'));
  }

  /** @param {import('../../types.js').Evaluation | null} evaluation */
  update(evaluation) {
    const missing = evaluation ? notEmbeddedWords(evaluation.notEmbedded) : '';
    find(this.element, '.exports-missing', HTMLElement).hidden = !missing;
    setText(
      this.element,
      '.exports-missing',
      missing &&
        `${missing}; what is saved now does not include ` +
          `${evaluation && evaluation.notEmbedded.queries + evaluation.notEmbedded.gallery > 1 ? 'them' : 'it'}.`,
    );
    const hasPairs = evaluation !== null && evaluation.queries > 0 && evaluation.gallery > 0;
    for (const button of this.#buttons) {
      button.disabled = button.dataset.needs === 'pairs' ? !hasPairs : evaluation === null;
    }
  }

  /** @param {boolean} isRefined  the study has refinements, which not all files have */
  showRefined(isRefined) {
    find(this.element, '.exports-note', HTMLElement).hidden = !isRefined;
  }

  /** @param {{name: string, share: number} | null} progress  of what is being saved */
  showProgress(progress) {
    this.#progress.hidden = progress === null;
    if (!progress) return;
    const percent = progress.share > 0 ? `, ${Math.floor(100 * progress.share)}%` : '';
    setText(this.#progress, '.save-text', `Saving ${progress.name}${percent}`);
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
    this.#before = this.#before.then(() => {
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      return new Promise((resolve) => setTimeout(resolve, GAP_MS));
    });
  }
}
