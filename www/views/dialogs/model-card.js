// @ts-check
/**
 * Until a model is loaded, says that one is needed and how to get it; later, that another one could not be loaded, or
 * that the one in use knows nothing about these images.
 * Emits `list`, `pick` and `dismiss`.
 */
import { bytes } from '../../words/format.js';
import { find, setText } from '../dom.js';
import { View } from '../view.js';

/** @typedef {import('../../model-types.js').ModelState} ModelState */

export class ModelCardView extends View {
  #bar;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    this.#bar = find(element, 'progress', HTMLProgressElement);
    for (const pick of element.querySelectorAll('.model-pick')) pick.addEventListener('click', () => this.emit('pick'));
    find(element, '.models-open', HTMLButtonElement).addEventListener('click', () => this.emit('list'));
    find(element, '.model-dismiss', HTMLButtonElement).addEventListener('click', () => this.emit('dismiss'));
  }

  /**
   * @param {ModelState} model
   * @param {boolean} isForeign   the model in use was not made for these images
   * @param {boolean} isNeeded    there are images to embed, or nothing yet
   */
  update({ status, info, name, progress, reason }, isForeign, isNeeded) {
    this.element.hidden = (status === 'ready' && !isForeign) || (status === 'missing' && !isNeeded);
    setText(this.element, 'h2', heading(status, info !== null));
    this.#show('.model-card-text', status === 'missing');
    this.#show('.model-foreign', status === 'ready');
    this.#show('.steps', status !== 'loading' && (!info || isForeign));
    this.#show('.model-hint', !info);
    this.#show('.model-again', status === 'failed' && info !== null);
    setText(this.element, '.model-kept', info ? `${info.name} remains in use.` : '');
    this.#show('.model-loading', status === 'loading');
    this.#show('.model-failed', status === 'failed');
    const text = status === 'failed' ? `${name ? `${name}: ` : ''}${reason}` : '';
    setText(this.element, '.model-failed', text);
    this.#showProgress(name, progress);
  }

  /**
   * @param {string} selector
   * @param {boolean} isShown
   */
  #show(selector, isShown) {
    find(this.element, selector, HTMLElement).hidden = !isShown;
  }

  /**
   * @param {string} name
   * @param {ModelState['progress']} progress
   */
  #showProgress(name, progress) {
    const step =
      progress?.stage === 'checking'
        ? 'checking the devices'
        : progress?.stage === 'comparing'
          ? 'comparing it with its checksum'
          : 'reading';
    const size =
      progress && progress.stage !== 'checking' ? `, ${bytes(progress.done)} of ${bytes(progress.total)}` : '';
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
  if (status === 'failed') return 'The model could not be loaded';
  return hasOther ? 'The bundled model only knows drawn hands. Get one for photos' : 'Your pictures need a model';
}
