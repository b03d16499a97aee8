// @ts-check
/** Dark or light: as the system, until the button is pressed; not stored. */
import { View } from '../view.js';

export class ThemeView extends View {
  /** @param {HTMLElement} button */
  constructor(button) {
    super(button);
    button.addEventListener('click', () => this.#toggle());
  }

  #toggle() {
    const root = document.documentElement;
    const chosen = root.dataset.theme;
    const isDark = chosen ? chosen === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
    root.dataset.theme = isDark ? 'light' : 'dark';
  }
}
