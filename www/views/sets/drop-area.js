// @ts-check
/**
 * The whole page as a place to drop on and paste into.
 * Emits `drop` (detail {transfer, zone}) while the browser still lends the files, and `paste` (detail transfer).
 */
import { View } from '../view.js';

export class DropAreaView extends View {
  /** @param {HTMLElement} body */
  constructor(body) {
    super(body);
    body.addEventListener('dragover', (event) => this.#over(event));
    body.addEventListener('dragleave', (event) => event.relatedTarget === null && this.#mark(null));
    body.addEventListener('drop', (event) => this.#drop(event));
    document.addEventListener('paste', (event) => this.#paste(event));
  }

  /** @param {DragEvent} event */
  #over(event) {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    this.#mark(zoneOf(event.target));
  }

  /** @param {DragEvent} event */
  #drop(event) {
    this.#mark(null);
    const transfer = event.dataTransfer;
    if (!transfer?.types.includes('Files')) return;
    event.preventDefault();
    this.emit('drop', { transfer, zone: zoneOf(event.target) });
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const transfer = event.clipboardData;
    if (!transfer?.files.length) return;
    event.preventDefault();
    this.emit('paste', transfer);
  }

  /** @param {string | null} zone  under the pointer */
  #mark(zone) {
    if (zone) this.element.dataset.dragOver = zone;
    else delete this.element.dataset.dragOver;
  }
}

/** @param {EventTarget | null} target */
function zoneOf(target) {
  const zone = target instanceof Element ? target.closest('[data-zone]') : null;
  return zone instanceof HTMLElement && zone.dataset.zone ? zone.dataset.zone : 'dataset';
}
