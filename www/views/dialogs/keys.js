// @ts-check
/**
 * The list of keyboard shortcuts, and those that work anywhere on the page. Emits `find`, `query` and `rank` (detail -1
 * | 1).
 */
import { View } from '../view.js';

const ARROWS = /** @type {Record<string, [string, number]>} */ ({
  ArrowUp: ['query', -1],
  ArrowDown: ['query', 1],
  ArrowLeft: ['rank', -1],
  ArrowRight: ['rank', 1],
});

/** @extends {View<HTMLDialogElement>} */
export class KeysView extends View {
  /**
   * @param {HTMLDialogElement} element
   * @param {HTMLElement} button
   */
  constructor(element, button) {
    super(element);
    button.addEventListener('click', () => element.showModal());
    document.addEventListener('keydown', (event) => this.#onKey(event));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.key === '?' && !document.querySelector('dialog[open]')) this.element.showModal();
    else if (event.key === '/') this.#emitAndStop(event, 'find');
    else if (event.key in ARROWS && !this.element.open) this.#emitAndStop(event, ...ARROWS[event.key]);
  }

  /**
   * @param {KeyboardEvent} event
   * @param {string} type
   * @param {number} [detail]
   */
  #emitAndStop(event, type, detail) {
    event.preventDefault();
    this.emit(type, detail);
  }
}

/** @param {EventTarget | null} target  where keys have their own meaning */
function isTyping(target) {
  return target instanceof Element && target.matches('input, select, textarea, canvas, [popover], [popover] *');
}
