// @ts-check
/** One thin line: n of N, images per second, time left. Emits `cancel` and `continue`. */
import { duration, speed, whole } from '../format.js';
import { find, setText } from './dom.js';
import { View } from './view.js';

/** @typedef {import('../types.js').Progress} Progress */

export class ProgressView extends View {
  #line;
  #cancel;
  #continue;
  #lastRun = '';

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
    const { phase, done, total } = progress;
    if (phase !== 'idle') this.#lastRun = '';
    const isBusy = phase === 'reading' || phase === 'embedding';
    this.element.dataset.phase = phase;
    this.#moveFocus(isBusy, phase === 'paused');
    setText(this.element, '.progress-text', phase === 'idle' ? this.#lastRun : busyText(progress));
    this.#line.setAttribute('aria-valuemax', String(total));
    this.#line.setAttribute('aria-valuenow', String(done));
    this.#line.style.setProperty('--share', String(total && phase !== 'idle' ? done / total : 0));
    document.title = isBusy ? `${Math.floor((100 * done) / total)}% · reid-web` : 'reid-web';
  }

  /** @param {string} text  what the finished run was */
  finish(text) {
    this.#lastRun = text;
    setText(this.element, '.progress-text', text);
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

/** @param {Progress} progress */
function busyText({ phase, done, total, imagesPerSecond, secondsLeft }) {
  const parts = [`${whole(done)} of ${whole(total)} images`];
  if (phase === 'paused') return `Stopped at ${parts[0]}`;
  if (imagesPerSecond > 0) parts.push(speed(imagesPerSecond));
  if (secondsLeft !== null) parts.push(`${duration(secondsLeft)} left`);
  return `${phase === 'reading' ? 'Reading' : 'Embedding'} ${parts.join(', ')}`;
}
