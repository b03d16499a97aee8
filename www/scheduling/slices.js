// @ts-check
/** Long work on the page's own thread, cut into slices between which the page does whatever else it has to. */

const SLICE_MS = 10;
/** How much of a list is sorted, or handled without looking at the clock, at once. */
const FEW = 500;

/** The next turn of the event loop. Other than after a timer, it comes at once, in a hidden tab too. */
export function nextTurn() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve(null);
    };
    port2.postMessage(null);
  });
}

/** Says when a slice has been long enough. */
export class Slices {
  #signal;
  #start = performance.now();

  /** @param {AbortSignal} [signal]  a reason to stop */
  constructor(signal) {
    this.#signal = signal;
  }

  get areDue() {
    return performance.now() - this.#start > SLICE_MS;
  }

  /** Lets the page have its turn. Throws the signal's reason if the rest is no longer wanted. */
  async next() {
    await nextTurn();
    this.#signal?.throwIfAborted();
    this.#start = performance.now();
  }

  /**
   * @template T
   * @param {Iterable<T>} list
   * @param {(one: T, index: number) => void} handle
   */
  async each(list, handle) {
    let index = 0;
    for (const one of list) {
      if (this.areDue) await this.next();
      handle(one, index);
      index += 1;
    }
  }

  /**
   * Few at a time, so that what follows of each group has its own slice.
   *
   * @template T
   * @param {T[]} list
   * @param {(some: T[]) => void | Promise<void>} handle
   */
  async some(list, handle) {
    for (let from = 0; from < list.length; from += FEW) {
      if (this.areDue) await this.next();
      await handle(list.slice(from, from + FEW));
    }
  }

  /**
   * As `toSorted`: short stretches, then merged two by two.
   *
   * @template T
   * @param {T[]} list
   * @param {(one: T, other: T) => number} compare
   * @returns {Promise<T[]>}
   */
  async sorted(list, compare) {
    /** @type {T[][]} */
    let stretches = [];
    await this.some(list, (some) => void stretches.push(some.sort(compare)));
    while (stretches.length > 1) {
      const merged = [];
      for (let at = 0; at < stretches.length; at += 2)
        merged.push(await this.#merged(stretches[at], stretches[at + 1] ?? [], compare));
      stretches = merged;
    }
    return stretches[0] ?? [];
  }

  /**
   * @template T
   * @param {T[]} one     sorted
   * @param {T[]} other   sorted; of equals, those of `one` come first
   * @param {(one: T, other: T) => number} compare
   */
  async #merged(one, other, compare) {
    const all = [];
    let [at, there] = [0, 0];
    while (at < one.length && there < other.length) {
      if (all.length % FEW === 0 && this.areDue) await this.next();
      all.push(compare(one[at], other[there]) <= 0 ? one[at++] : other[there++]);
    }
    return all.concat(one.slice(at), other.slice(there));
  }
}
