// @ts-check
/** An embedding as a strip of colours: one stripe per dimension. */
import { VIRIDIS } from '../../plots/viridis.js';
import { whole } from '../../words/format.js';
import { clone, find, setText } from '../dom.js';

export class EmbeddingStripView {
  element = clone('embedding');
  #canvas = find(this.element, 'canvas', HTMLCanvasElement);
  /** @type {Float32Array | null} */
  #shown = null;

  /** @param {Float32Array | null} embedding */
  update(embedding) {
    this.element.hidden = embedding === null;
    if (embedding === null || embedding === this.#shown) return;
    this.#shown = embedding;
    setText(this.element, '.embedding-size', `Embedding, ${whole(embedding.length)} dimensions`);
    this.#canvas.width = embedding.length;
    const largest = embedding.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
    const pixels = Uint32Array.from(embedding, (value) => VIRIDIS[Math.round(127.5 + 127.5 * (value / largest))]);
    const image = new ImageData(new Uint8ClampedArray(pixels.buffer), embedding.length, 1);
    this.#canvas.getContext('2d')?.putImageData(image, 0, 0);
  }
}
