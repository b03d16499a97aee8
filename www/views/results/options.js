// @ts-check
/**
 * Evaluation options: queries without a match, same camera, same file, junk. Emits `change` (detail part of
 * EvaluationOptions).
 */
import { count, whole } from '../../words/format.js';
import { sameFileWords, unmatchedWords } from '../../words/reasons.js';
import { find, setText } from '../dom.js';
import { View } from '../view.js';

export class OptionsView extends View {
  #unmatched;
  #sameCamera;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    this.#unmatched = find(element, '#unmatched', HTMLSelectElement);
    this.#sameCamera = find(element, '#remove-same-camera', HTMLInputElement);
    this.#unmatched.addEventListener('change', () => this.emit('change', { unmatched: this.#unmatched.value }));
    this.#sameCamera.addEventListener('change', () => {
      this.emit('change', { removeSameCamera: this.#sameCamera.checked });
    });
  }

  /**
   * @param {import('../../types.js').Evaluation | null} evaluation
   * @param {import('../../types.js').EvaluationOptions} options
   * @param {number} cameras   in the sets
   */
  update(evaluation, options, cameras) {
    this.#unmatched.value = options.unmatched;
    this.#sameCamera.checked = options.removeSameCamera && cameras > 0;
    this.#sameCamera.disabled = cameras === 0;
    const pairs = options.removeSameCamera ? `, ${count(evaluation?.matches.sameCamera ?? 0, 'pair')} ignored` : '';
    setText(this.element, '.same-camera-note', cameras ? `${count(cameras, 'camera')}${pairs}` : 'no cameras known');
    setText(this.element, '.unmatched-count', evaluation ? whole(evaluation.unmatched) : '–');
    setText(
      this.element,
      '.unmatched-note',
      evaluation ? unmatchedWords(evaluation.unmatchedBy) : 'No eligible gallery image has their identity.',
    );
    setText(this.element, '.same-file-count', evaluation ? sameFileWords(evaluation.sameFile) : '–');
    setText(this.element, '.junk-count', evaluation ? count(evaluation.junk, 'image') : '–');
  }
}
