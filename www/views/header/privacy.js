// @ts-check
/** The requests of the page and its workers since the page was opened, as the browser recorded them. */
import { count } from '../../words/format.js';
import { find, setText, textElement } from '../dom.js';
import { View } from '../view.js';

export class PrivacyView extends View {
  #list;
  /** @type {Map<string, number>} requests by origin, the page's own first */
  #requests = new Map();
  /** @type {Set<string>} origins that models were requested from */
  #models = new Set();

  /**
   * @param {HTMLElement} button
   * @param {HTMLElement} popover
   */
  constructor(button, popover) {
    super(button);
    this.#list = find(popover, '.origins', HTMLElement);
  }

  /**
   * Where a model was downloaded from; a redirected request is recorded where it began.
   * @param {Set<string>} hosts  origins
   */
  showHosts(hosts) {
    if ([...hosts].every((host) => this.#models.has(host))) return;
    this.#models = new Set(hosts);
    this.update(this.#requests);
  }

  /** @param {Map<string, number>} requests  by origin, of the page and its workers */
  update(requests) {
    this.#requests = requests;
    const origins = [...new Set([...requests.keys(), ...this.#models])];
    this.#list.replaceChildren(...origins.map((origin) => textElement('li', this.#describe(origin))));
    const others = origins.filter((origin) => origin !== location.origin).length;
    const more = others ? `, ${count(others, 'other site')} contacted for files` : '';
    setText(this.element, '.fact-value', `Nothing leaves this page${more}`);
  }

  /** @param {string} origin */
  #describe(origin) {
    const isModels = this.#models.has(origin);
    const requests = this.#requests.get(origin);
    const whose =
      origin === location.origin
        ? 'the page’s own files'
        : isModels
          ? 'parts of a model’s files, at your request'
          : 'not part of this site';
    return `${origin}: ${requests ? `${count(requests, 'request')}, ` : ''}${whose}`;
  }
}
