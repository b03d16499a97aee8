// @ts-check
/**
 * What went wrong, for the list on the page. Dispatches `change` (detail Problem[]) once per frame.
 *
 * @typedef {import('../types.js').Problem} Problem
 */

export class Problems extends EventTarget {
  /** @type {Problem[]} */
  #all = [];
  #frame = 0;

  /** @param {Problem[]} problems  one with the same file and reason as an earlier one is not listed twice */
  add(...problems) {
    const known = new Set(this.#all.map(keyOf));
    this.#all = [...this.#all, ...problems.filter((problem) => !known.has(keyOf(problem)))];
    this.#change();
  }

  /** @param {(problem: Problem) => boolean} isObsolete */
  dismiss(isObsolete) {
    this.#all = this.#all.filter((problem) => !isObsolete(problem));
    this.#change();
  }

  #change() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.dispatchEvent(new CustomEvent('change', { detail: this.#all }));
    });
  }
}

/** @param {Problem} problem */
function keyOf({ file, reason }) {
  return `${file}\n${reason}`;
}
