// @ts-check

const WINDOW_MS = 5000;

/** Bytes per second, over the last few seconds. */
export class TransferSpeed {
  /** @type {{time: number, done: number}[]} */
  #marks = [];

  /** @param {number} done  bytes until now */
  at(done) {
    const time = performance.now();
    this.#marks = [...this.#marks.filter((mark) => time - mark.time < WINDOW_MS), { time, done }];
    const first = this.#marks[0];
    return time > first.time ? ((done - first.done) / (time - first.time)) * 1000 : 0;
  }
}
