// @ts-check
/** What all views share: an element and events. Each adds its own `update`. */

/** @template {Element} [E=HTMLElement] */
export class View extends EventTarget {
  /** @param {E} element  in index.html */
  constructor(element) {
    super();
    this.element = element;
  }

  /**
   * @param {string} type
   * @param {unknown} [detail]
   */
  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /**
   * @param {string} type
   * @param {(detail: any) => void} handle
   */
  on(type, handle) {
    this.addEventListener(type, (event) => handle(/** @type {CustomEvent} */ (event).detail));
  }
}
