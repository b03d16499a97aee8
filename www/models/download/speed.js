// @ts-check

const SPEED_MS = 5000;

/** Bytes a second over the last few. */
export class Pace {
  /** @type {{time: number, done: number}[]} */
  #marks = [];

  /** @param {number} done  bytes until now */
  at(done) {
    const time = performance.now();
    this.#marks = [...this.#marks.filter((mark) => time - mark.time < SPEED_MS), { time, done }];
    const first = this.#marks[0];
    return time > first.time ? ((done - first.done) / (time - first.time)) * 1000 : 0;
  }
}
