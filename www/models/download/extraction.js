// @ts-check
/** @typedef {{start: number, end: number}} Span */

/** Gaps up to this length are downloaded and dropped: another request would take longer. */
const SMALL_GAP = 1 << 16;

/** Which bytes of the blocks of a remote file are still to come, and what to keep of those that do. */
export class Extraction {
  /** Bytes of the blocks that were taken. */
  done;
  /** Bytes of all blocks. */
  total;
  #blocks;

  /**
   * @param {Span[]} blocks  ascending; they can overlap
   * @param {number} [done]  bytes of them that were taken before
   */
  constructor(blocks, done = 0) {
    this.#blocks = blocks;
    this.total = blocks.reduce((sum, { start, end }) => sum + end - start, 0);
    this.done = Math.min(done, this.total);
  }

  /**
   * The bytes of the remote file to ask for next, null when all are there.
   * @returns {Span | null}
   */
  get wanted() {
    const place = this.#place();
    if (!place) return null;
    let { end } = this.#blocks[place.index];
    for (const block of this.#blocks.slice(place.index + 1)) {
      if (block.start < end || block.start > end + SMALL_GAP) break;
      end = block.end;
    }
    return { start: place.start, end };
  }

  /**
   * @param {Uint8Array} piece  of the remote file, from the beginning of `wanted` on
   * @param {(part: Uint8Array) => void} append  gets what is kept of it, one part after another
   */
  take(piece, append) {
    const from = this.wanted?.start ?? 0;
    for (let place = this.#place(); place; place = this.#place()) {
      const part = piece.subarray(place.start - from, Math.max(0, this.#blocks[place.index].end - from));
      if (place.start < from || part.length === 0) return;
      append(part);
      this.done += part.length;
    }
  }

  /** Where the next byte to be kept is. */
  #place() {
    let before = 0;
    for (const [index, { start, end }] of this.#blocks.entries()) {
      if (this.done < before + end - start) return { index, start: start + this.done - before };
      before += end - start;
    }
    return null;
  }
}
