// @ts-check
/**
 * What went wrong, for the list on the page. Dispatches `change` (detail Problem[]) once per frame.
 *
 * @typedef {import('../types.js').Problem} Problem
 */

import { emit } from '../events.js';

export class Problems extends EventTarget {
  /** @type {Problem[]} */
  #all = [];
  /** Of all. @type {Set<string>} */
  #known = new Set();
  #frame = 0;

  /** @param {Problem[]} problems  see `addAll` */
  add(...problems) {
    this.addAll(problems);
  }

  /** @param {Iterable<Problem>} problems  one with the same file and reason as an earlier one is not listed again */
  addAll(problems) {
    const added = [];
    for (const problem of problems) {
      const key = keyOf(problem);
      if (this.#known.has(key)) continue;
      this.#known.add(key);
      added.push(problem);
    }
    if (added.length > 0) this.#all = this.#all.concat(added);
    this.#change();
  }

  /** @param {(problem: Problem) => boolean} isObsolete */
  dismiss(isObsolete) {
    this.#all = this.#all.filter((problem) => !isObsolete(problem));
    this.#known = new Set(this.#all.map(keyOf));
    this.#change();
  }

  #change() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      emit(this, 'change', this.#all);
    });
  }
}

/** @param {Problem} problem */
function keyOf({ file, reason }) {
  return `${file}\n${reason}`;
}
