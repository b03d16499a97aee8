// @ts-check
/** Until a model is loaded: that one is needed, and how to get it. Emits `pick`. */
import { bytes } from '../format.js';
import { find, setText } from './dom.js';
import { View } from './view.js';

/** @typedef {import('../types.js').ModelState} ModelState */

export class ModelCardView extends View {
  #bar;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    this.#bar = find(element, 'progress', HTMLProgressElement);
    find(element, '.model-pick', HTMLButtonElement).addEventListener('click', () => this.emit('pick'));
  }

  /** @param {ModelState} model */
  update({ status, info, name, progress, reason }) {
    this.element.hidden = status === 'ready';
    setText(this.element, 'h2', heading(status, info !== null));
    find(this.element, '.model-card-text', HTMLElement).hidden = status !== 'missing';
    find(this.element, '.steps', HTMLElement).hidden = status === 'loading';
    find(this.element, '.model-loading', HTMLElement).hidden = status !== 'loading';
    const failed = find(this.element, '.model-failed', HTMLElement);
    failed.hidden = status !== 'failed';
    const text = status === 'failed' ? `${name ? `${name}: ` : ''}${reason}` : '';
    if (failed.textContent !== text) failed.textContent = text;
    this.#showProgress(name, progress);
  }

  /**
   * @param {string} name
   * @param {ModelState['progress']} progress
   */
  #showProgress(name, progress) {
    const step = progress?.stage === 'checking' ? 'checking the devices' : 'reading';
    const size = progress?.stage === 'reading' ? `, ${bytes(progress.done)} of ${bytes(progress.total)}` : '';
    setText(this.element, '.model-loading-text', `${name}: ${step}${size}`);
    if (progress?.total) this.#bar.value = progress.done / progress.total;
    else this.#bar.removeAttribute('value');
  }
}

/**
 * @param {ModelState['status']} status
 * @param {boolean} hasOther
 */
function heading(status, hasOther) {
  if (status === 'loading') return 'Loading the model';
  if (status === 'failed') return hasOther ? 'That model could not be loaded' : 'The model could not be loaded';
  return 'Load a model first';
}
