// @ts-check
/** What keeps images waiting → the list of problems: one entry for many images, for as long as it lasts. */
import { on } from '../events.js';
import { count, fileName, isolated, whole } from '../words/format.js';

const TELL_MS = 200;
/** Names that stand for all. */
const NAMED = 2;

export class Setbacks {
  #items;
  #embedder;
  #problems;
  /** @type {Set<import('../types.js').Problem>} the listed ones */
  #told = new Set();
  #timer = 0;

  /**
   * @param {object} parts
   * @param {import('./items.js').Items} parts.items
   * @param {import('./embedding/embedder.js').Embedder} parts.embedder
   * @param {import('../encoder/client.js').EncoderClient} parts.encoder
   * @param {import('./problems.js').Problems} parts.problems
   */
  constructor({ items, embedder, encoder, problems }) {
    this.#items = items;
    this.#embedder = embedder;
    this.#problems = problems;
    const tellSoon = () => {
      this.#timer ||= setTimeout(() => this.#tell(), TELL_MS);
    };
    on(embedder, 'aside', tellSoon);
    on(encoder, 'trouble', ({ reason }) => {
      embedder.tellTrouble(reason);
      tellSoon();
    });
  }

  #tell() {
    this.#timer = 0;
    const { aside, trouble } = this.#embedder;
    const told = [
      ...noWorker(trouble),
      ...this.#gone(aside.of('gone')),
      ...aside.of('lost').map((one) => this.#lost(one)),
    ];
    if (told.length === 0 && this.#told.size === 0) return;
    const old = this.#told;
    this.#told = new Set(told);
    this.#problems.dismiss((problem) => old.has(problem));
    this.#problems.addAll(told);
  }

  /**
   * @param {{id: number}[]} gone
   * @returns {import('../types.js').Problem[]}
   */
  #gone(gone) {
    if (gone.length === 0) return [];
    const names = gone.slice(0, NAMED).map(({ id }) => isolated(fileName(this.#items.get(id)?.path ?? '')));
    const more = gone.length - names.length;
    const [was, them, were] = gone.length === 1 ? ['was', 'it', 'it was'] : ['were', 'them', 'they were'];
    const reason =
      `${count(gone.length, 'file')} ${was} changed or moved after ${were} chosen` +
      ` (${names.join(', ')}${more ? ` and ${whole(more)} more` : ''}).` +
      ` Drop ${them} again, or press Continue once ${them === 'it' ? 'it is' : 'they are'} back in place.`;
    return [{ file: '', reason, kind: 'error' }];
  }

  /**
   * @param {{id: number, reason: string}} lost
   * @returns {import('../types.js').Problem}
   */
  #lost({ id, reason }) {
    const file = this.#items.get(id)?.path ?? '';
    return {
      file,
      reason:
        `This image is waiting because ${reason}. If memory is short, close other tabs or programs; then ` +
        'press Continue.',
      kind: 'error',
    };
  }
}

/**
 * @param {string} trouble   why no worker can be started, '' if they can
 * @returns {import('../types.js').Problem[]}
 */
function noWorker(trouble) {
  if (!trouble) return [];
  const reason =
    `${trouble[0].toUpperCase()}${trouble.slice(1)}. The images wait; the page tries again after a ` +
    'pause. Press Continue to try at once.';
  return [{ file: '', reason, kind: 'error' }];
}
