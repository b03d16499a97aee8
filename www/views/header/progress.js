// @ts-check
/** One thin line: how many images of how many, how fast, how long still. Emits `cancel` and `continue`. */
import { listingWords, progressWords } from '../../words/progress.js';
import { find, setText } from '../dom.js';
import { View } from '../view.js';

/** @typedef {import('../../types.js').Progress} Progress */

export class ProgressView extends View {
  #line;
  #cancel;
  #continue;
  #lastRun = '';
  /** @type {Progress} */
  #progress = { phase: 'idle', done: 0, total: 0, imagesPerSecond: 0, secondsLeft: null, trouble: '' };
  /** Files found of what is being listed; null if nothing is. @type {number | null} */
  #listed = null;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    this.#line = find(element, '.progress-line', HTMLElement);
    this.#cancel = find(element, '.cancel', HTMLButtonElement);
    this.#continue = find(element, '.continue', HTMLButtonElement);
    this.#cancel.addEventListener('click', () => this.emit('cancel'));
    this.#continue.addEventListener('click', () => this.emit('continue'));
  }

  /** @param {Progress} progress */
  update(progress) {
    if (progress.phase !== 'idle' && progress.phase !== 'paused') this.#lastRun = '';
    this.#progress = progress;
    this.#show();
  }

  /**
   * Listing files comes before all else.
   * @param {boolean} isBusy
   * @param {number} files   found so far
   */
  showListing(isBusy, files) {
    this.#listed = isBusy ? files : null;
    this.#show();
  }

  #show() {
    const { phase, done, total, trouble } = this.#progress;
    const isListing = this.#listed !== null;
    const isBusy = phase === 'reading' || phase === 'embedding';
    this.element.dataset.phase = isListing ? 'listing' : phase;
    this.element.title = trouble;
    this.#moveFocus(
      isListing || isBusy || phase === 'stalled',
      !isListing && (phase === 'paused' || phase === 'stalled'),
    );
    const text =
      phase === 'idle' || (phase === 'paused' && this.#lastRun) ? this.#lastRun : progressWords(this.#progress);
    setText(this.element, '.progress-text', this.#listed === null ? text : listingWords(this.#listed));
    this.#line.setAttribute('aria-valuemax', String(total));
    this.#line.setAttribute('aria-valuenow', String(done));
    this.#line.style.setProperty('--share', String(total && phase !== 'idle' ? done / total : 0));
    document.title = isBusy && total ? `${Math.floor((100 * done) / total)}% · reid-web` : 'reid-web';
  }

  /** @param {string} text  what the finished run was */
  finish(text) {
    this.#lastRun = text;
    this.#show();
  }

  /**
   * Cancel and Continue take each other's place, with the focus.
   * @param {boolean} canCancel
   * @param {boolean} canContinue
   */
  #moveFocus(canCancel, canContinue) {
    const had = this.element.contains(document.activeElement);
    this.#cancel.hidden = !canCancel;
    this.#continue.hidden = !canContinue;
    if (had) (canCancel ? this.#cancel : this.#continue).focus();
  }
}
