// @ts-check
/** Labels that a person types in. Dispatches `typed` when that may have become true of some image, or of none. */
import { emit, on } from '../events.js';
import { isolated } from '../words/format.js';

/** Characters of a label; a longer one is a mistake, and no view has room for it. */
export const MOST_CHARACTERS = 200;
/** Similar identities that are named. */
const MOST_NAMES = 3;

/** @typedef {{identity?: string | null, camera?: string | null}} Typed */

export class Labels extends EventTarget {
  #items;
  #evaluator;
  #matching;
  #notices;
  /** @type {Set<number>} ids of images whose labels were typed */
  #ids = new Set();
  /** What the present warning is about. @type {{id: number, identity: string | null} | null} */
  #warned = null;

  /**
   * @param {object} parts
   * @param {import('./items.js').Items} parts.items
   * @param {import('./analyses/evaluation.js').Evaluator} parts.evaluator
   * @param {import('../matching/client.js').MatchingClient} parts.matching
   * @param {import('./notices.js').Notices} parts.notices
   */
  constructor({ items, evaluator, matching, notices }) {
    super();
    this.#items = items;
    this.#evaluator = evaluator;
    this.#matching = matching;
    this.#notices = notices;
    on(items, 'change', () => {
      if (this.#ids.size > 0) emit(this, 'typed');
      const { id, identity } = this.#warned ?? {};
      if (id !== undefined && items.get(id)?.identity !== identity) this.#say({ id, identity: null }, '');
    });
  }

  /** Whether there are images with labels that were typed. */
  get areTyped() {
    return [...this.#ids].some((id) => this.#items.get(id));
  }

  /**
   * Shows labels at once as they were typed, and as labels are normalised as soon as the worker has done so.
   * @param {number} id
   * @param {Typed} patch
   */
  async set(id, patch) {
    const items = this.#items;
    const fields = /** @type {const} */ (['identity', 'camera']).filter((field) => patch[field] !== undefined);
    /** @type {Typed} */
    const typed = Object.fromEntries(fields.map((field) => [field, patch[field]?.slice(0, MOST_CHARACTERS) ?? null]));
    this.#ids.add(id);
    items.change(id, typed);
    this.#evaluator.request();
    const read = await this.#matching.readLabel(typed);
    if (fields.some((field) => items.get(id)?.[field] !== typed[field])) return;
    if (fields.some((field) => read[field] !== typed[field])) {
      items.change(id, read);
      this.#evaluator.request();
    }
    if (fields.includes('identity')) await this.#warn(id, read.identity ?? null);
  }

  /**
   * Names other identities that may be meant by the one that an image was given.
   * @param {number} id
   * @param {string | null} identity
   */
  async #warn(id, identity) {
    const others = new Set(this.#items.all().flatMap((item) => item.identity ?? []));
    const similar = identity === null ? [] : await this.#matching.similarIdentities(identity, [...others]);
    if (this.#items.get(id)?.identity !== identity) return;
    const names = similar
      .slice(0, MOST_NAMES)
      .map((name) => `“${isolated(name)}”`)
      .join(', ');
    this.#say({ id, identity }, names && `“${isolated(identity ?? '')}” and ${names} count as different identities.`);
  }

  /**
   * @param {{id: number, identity: string | null}} about
   * @param {string} warning
   */
  #say(about, warning) {
    this.#warned = warning ? about : null;
    this.#notices.warn(warning);
  }
}
