// @ts-check
/** The identities that an identity input suggests. Emits `ask` when one gets the focus. */
import { View } from '../view.js';

export class IdentitiesView extends View {
  /** @param {HTMLElement} element  the datalist */
  constructor(element) {
    super(element);
    document.addEventListener('focusin', ({ target }) => {
      if (target instanceof HTMLInputElement && target.list === element) this.emit('ask');
    });
  }

  /** @param {string[]} identities  of all images */
  update(identities) {
    this.element.replaceChildren(...[...new Set(identities)].map((identity) => new Option(identity)));
  }
}
