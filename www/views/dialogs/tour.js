// @ts-check
/**
 * The guided tour: a card that moves from one thing on the page to the next and explains it.
 *
 * @typedef {import('../../words/tour.js').TourFacts} TourFacts
 */
import { TOUR_STEPS } from '../../words/tour.js';
import { find, setText } from '../dom.js';
import { View } from '../view.js';

const GAP = 12;
const EDGE = 8;

export class TourView extends View {
  /** @type {TourFacts | null} */
  #facts = null;
  #step = 0;
  /** @type {Element | null} what is pointed at */
  #target = null;
  /** @type {Element | null} where the focus was */
  #before = null;

  /** @param {HTMLElement} element  a manual popover */
  constructor(element) {
    super(element);
    find(element, '.tour-back', HTMLButtonElement).addEventListener('click', () => this.#go(-1));
    find(element, '.tour-next', HTMLButtonElement).addEventListener('click', () => this.#go(1));
    find(element, '.tour-close', HTMLButtonElement).addEventListener('click', () => this.close());
    element.addEventListener('keydown', (event) => this.#onKey(event));
    addEventListener('resize', () => this.#place());
    addEventListener('scroll', () => this.#place(), { capture: true, passive: true });
  }

  get isOpen() {
    return this.element.matches(':popover-open');
  }

  start() {
    this.#before = document.activeElement;
    this.#step = 0;
    this.element.showPopover();
    this.#show();
    find(this.element, '.tour-next', HTMLButtonElement).focus({ preventScroll: true });
  }

  close() {
    if (!this.isOpen) return;
    this.#point(null);
    this.element.hidePopover();
    if (this.#before instanceof HTMLElement) this.#before.focus({ preventScroll: true });
  }

  /** @param {TourFacts | null} facts  null: there is nothing to point at */
  update(facts) {
    this.#facts = facts;
    if (!this.isOpen) return;
    if (facts) this.#show();
    else this.close();
  }

  /** @param {number} direction */
  #go(direction) {
    this.#step += direction;
    if (this.#step >= TOUR_STEPS.length) return this.close();
    this.#step = Math.max(0, this.#step);
    this.#show();
  }

  #show() {
    if (!this.#facts) return;
    const { title, targets, text } = TOUR_STEPS[this.#step];
    setText(this.element, '.tour-title', title);
    setText(this.element, '.tour-text', text(this.#facts));
    setText(this.element, '.tour-position', `${this.#step + 1} of ${TOUR_STEPS.length}`);
    setText(this.element, '.tour-next', this.#step === TOUR_STEPS.length - 1 ? 'Done' : 'Next');
    find(this.element, '.tour-back', HTMLButtonElement).disabled = this.#step === 0;
    this.#point(
      targets
        .map((target) => document.querySelector(target))
        .find((target) => target?.checkVisibility({ visibilityProperty: true })) ?? null,
    );
  }

  /** @param {Element | null} target */
  #point(target) {
    if (target !== this.#target) {
      this.#target?.classList.remove('toured');
      target?.classList.add('toured');
      target?.scrollIntoView({ block: 'nearest' });
      this.#target = target;
    }
    this.#place();
  }

  /**
   * Next to what is pointed at: right, left, below or above, where there is room. On a phone CSS keeps the card at the
   * foot.
   */
  #place() {
    if (!this.isOpen || !this.#target) return;
    const { left, right, top, bottom } = this.#target.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.element;
    const within = (/** @type {number} */ place, /** @type {number} */ most) =>
      Math.max(EDGE, Math.min(place, most - EDGE));
    const fits = {
      right: right + GAP + width < innerWidth,
      left: left - GAP - width > 0,
      below: bottom + GAP + height < innerHeight,
    };
    const x = fits.right ? right + GAP : fits.left ? left - GAP - width : left;
    const y = fits.right || fits.left ? top : fits.below ? bottom + GAP : top - GAP - height;
    this.element.style.setProperty('--x', `${within(x, innerWidth - width)}px`);
    this.element.style.setProperty('--y', `${within(y, innerHeight - height)}px`);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.key === 'Escape') this.close();
    else if (event.key === 'ArrowRight') this.#go(1);
    else if (event.key === 'ArrowLeft') this.#go(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
