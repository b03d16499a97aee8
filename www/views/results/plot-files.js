// @ts-check
/** The buttons that save a plot. Emits `save` (detail {plot: SVGSVGElement, name, format}). */
import { find } from '../dom.js';
import { View } from '../view.js';

export class PlotFilesView extends View {
  /** @param {HTMLElement} element  with the plots, and buttons that name one and a format */
  constructor(element) {
    super(element);
    for (const button of element.querySelectorAll('button[data-plot]')) {
      button.addEventListener('click', () => this.#save(/** @type {HTMLElement} */ (button).dataset));
    }
  }

  /** @param {DOMStringMap} asked */
  #save({ plot = '', format }) {
    const element = find(this.element, `.${plot}-plot`, SVGSVGElement);
    this.emit('save', { plot: element, name: `${plot}.${format}`, format });
  }
}
