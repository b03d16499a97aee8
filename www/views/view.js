// @ts-check
/** What all views share: an element and events. Each adds its own `update`. */

import { emit, on } from '../events.js';

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
    emit(this, type, detail);
  }

  /**
   * @param {string} type
   * @param {(detail: any) => void} handle
   */
  on(type, handle) {
    on(this, type, handle);
  }
}
