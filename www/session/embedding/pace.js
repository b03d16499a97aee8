// @ts-check
/** Counts finished images: how many, how fast, how long to go. */

const WINDOW_MS = 8000;

export class Pace {
  done = 0;
  /** How many of the finished ones failed. */
  failed = 0;
  total = 0;
  started = performance.now();
  /** @type {number[]} times of the last finished images */
  #recent = [];

  finish() {
    const now = performance.now();
    this.done += 1;
    this.#recent.push(now);
    while (this.#recent[0] < now - WINDOW_MS) this.#recent.shift();
  }

  /** One expected image that will not come: it was removed meanwhile. */
  forget() {
    this.total -= 1;
  }

  /** Over the last seconds, from two finished images on. */
  get imagesPerSecond() {
    if (this.#recent.length < 2) return 0;
    const seconds = (performance.now() - this.#recent[0]) / 1000;
    return (this.#recent.length - 1) / Math.max(seconds, 0.001);
  }

  get secondsLeft() {
    const rate = this.imagesPerSecond;
    return rate > 0 ? (this.total - this.done) / rate : null;
  }

  get secondsSpent() {
    return (performance.now() - this.started) / 1000;
  }
}
