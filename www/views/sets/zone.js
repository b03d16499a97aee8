// @ts-check
/**
 * A place to drop on, with buttons for files and folders.
 * Emits `files` (detail FileList), `clear`, `use` when the focus comes in, and `folders-lost` where the browser hands
 * over the files of a folder without saying which folders they lie in.
 *
 * @typedef {import('../../types.js').Zone} Zone
 */
import { whole } from '../../words/format.js';
import { find } from '../dom.js';
import { View } from '../view.js';

export class ZoneView extends View {
  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    /** @type {Zone} */
    this.zone = /** @type {Zone} */ (element.dataset.zone);
    for (const kind of ['files', 'folder']) this.#wireInput(kind);
    element.querySelector('.clear')?.addEventListener('click', () => this.emit('clear'));
    element.addEventListener('focusin', () => this.emit('use'));
  }

  /** @param {number} images  in the set */
  update(images) {
    const count = this.element.querySelector('.zone-count');
    if (count) count.textContent = whole(images);
    this.element.toggleAttribute('data-filled', images > 0);
    find(this.element, '.clear', HTMLButtonElement).disabled = images === 0;
  }

  /** @param {string} kind */
  #wireInput(kind) {
    const input = this.element.querySelector(`.input-${kind}`);
    if (!(input instanceof HTMLInputElement)) return;
    find(this.element, `.pick-${kind}`, HTMLButtonElement).addEventListener('click', () => input.click());
    const take = () => {
      const files = input.files;
      if (kind === 'folder' && files?.length && !files[0].webkitRelativePath) this.emit('folders-lost');
      if (files?.length) this.emit('files', files);
      input.value = '';
    };
    input.addEventListener('change', take);
    // Files may have been chosen before the scripts ran; whoever listens to this view does so within this task.
    if (input.files?.length) queueMicrotask(take);
  }
}
