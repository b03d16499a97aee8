// @ts-check
/** Labels that a person types. Dispatches `typed` when there are some, or none any more. */
import { isolated } from '../words/format.js';

/** Characters of a label; more are never meant, and no view has room for them. */
export const MOST_CHARACTERS = 200;
/** Similar identities that are named. */
const MOST_NAMES = 3;

/** @typedef {{identity?: string | null, camera?: string | null}} Typed */

export class Labels extends EventTarget {
  #session;
  /** @type {Set<number>} ids of images of which labels were typed */
  #ids = new Set();

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    super();
    this.#session = session;
    session.items.addEventListener('change', () => this.#ids.size > 0 && this.dispatchEvent(new Event('typed')));
  }

  /** Whether there are images with labels that were typed. */
  get areTyped() {
    return [...this.#ids].some((id) => this.#session.items.get(id));
  }

  /**
   * Takes labels as typed at once, and as all labels are read as soon as the worker has read them.
   * @param {number} id
   * @param {Typed} wished
   */
  async set(id, wished) {
    const { items, evaluator, matching } = this.#session;
    const fields = /** @type {const} */ (['identity', 'camera']).filter((field) => wished[field] !== undefined);
    /** @type {Typed} */
    const typed = Object.fromEntries(fields.map((field) => [field, wished[field]?.slice(0, MOST_CHARACTERS) ?? null]));
    this.#ids.add(id);
    items.change(id, typed);
    evaluator.request();
    const read = await matching.readLabel(typed);
    if (fields.some((field) => items.get(id)?.[field] !== typed[field])) return;
    if (fields.some((field) => read[field] !== typed[field])) {
      items.change(id, read);
      evaluator.request();
    }
    if (read.identity) await this.#warn(read.identity);
  }

  /** Says which other identities may be meant by one that was typed. @param {string} identity */
  async #warn(identity) {
    const { items, matching, notices } = this.#session;
    const others = new Set(items.all().flatMap((item) => item.identity ?? []));
    const similar = await matching.similarIdentities(identity, [...others]);
    if (similar.length === 0) return;
    const names = similar.slice(0, MOST_NAMES).map((name) => `“${isolated(name)}”`).join(', ');
    notices.say(`“${isolated(identity)}” and ${names} count as different identities.`);
  }
}
