// @ts-check
/** The file dialog for a model. Emits `files` (detail FileList). */
import { View } from '../view.js';

/** @extends {View<HTMLInputElement>} */
export class ModelInputView extends View {
  /** @param {HTMLInputElement} element */
  constructor(element) {
    super(element);
    element.addEventListener('change', () => {
      if (element.files?.length) this.emit('files', element.files);
      element.value = '';
    });
  }

  open() {
    this.element.click();
  }
}
