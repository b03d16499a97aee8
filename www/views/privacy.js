// @ts-check
/** What was requested from where since the page was opened, as the browser recorded it. */
import { count } from '../format.js';
import { find, setText, textElement } from './dom.js';
import { View } from './view.js';

export class PrivacyView extends View {
  #list;
  /** @type {Map<string, number>} requests by origin */
  #requests = new Map([[location.origin, 1]]);
  /** @type {Set<string>} */
  #models = new Set();

  /**
   * @param {HTMLElement} button
   * @param {HTMLElement} popover
   */
  constructor(button, popover) {
    super(button);
    this.#list = find(popover, '.origins', HTMLElement);
    new PerformanceObserver((list) => this.update(list.getEntries())).observe({ type: 'resource', buffered: true });
    this.update([]);
  }

  /**
   * Requests of the worker that fetches models are not in the page's own record.
   * @param {Set<string>} hosts  origins that it asked
   */
  showHosts(hosts) {
    const isNew = [...hosts].some((host) => !this.#models.has(host));
    for (const host of hosts) this.#models.add(host);
    if (isNew) this.update([]);
  }

  /** @param {PerformanceEntry[]} entries  new ones */
  update(entries) {
    for (const { name } of entries) {
      if (!/^https?:/.test(name)) continue;
      const { origin } = new URL(name);
      this.#requests.set(origin, (this.#requests.get(origin) ?? 0) + 1);
    }
    const own = [...this.#requests].map(([origin, requests]) => {
      const whose = origin === location.origin ? 'the page’s own files' : 'not this site';
      return textElement('li', `${origin}: ${count(requests, 'request')}, ${whose}`);
    });
    const models = [...this.#models].map((origin) => textElement('li', `${origin}: parts of a model’s files, which you asked for`));
    this.#list.replaceChildren(...own, ...models);
    const others = this.#requests.size - 1 + this.#models.size;
    const more = others ? `, ${count(others, 'other site')} asked for files` : '';
    setText(this.element, '.fact-value', `Nothing leaves this page${more}`);
  }
}
