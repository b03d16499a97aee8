// @ts-check
/** What was concluded about a model and not read, to be corrected. A part of the model's view. */
import { clone, find, setText } from '../dom.js';

/** @typedef {import('../../types.js').Assumption} Assumption */

/** @type {Record<string, string>} */
const FIELDS = { tower: 'Image tower', stride: 'Pixels from patch to patch', camera_embedding: 'Camera embeddings', camera_coefficient: 'Times', activation: 'Activation', heads: 'Attention heads', resize: 'Images are', mean_std: 'Mean and deviation', last_stage: 'The last stage', feature: 'Embedding', image_size: 'Input, height × width', arithmetic: 'The CPU computes with', augmentation: 'Each image' };
/** @type {Record<string, string>} */
const VALUES = {
  shortest: 'resized, then cropped to the input’s size',
  squash: 'stretched to the input’s size',
  clip: 'CLIP’s',
  imagenet: 'ImageNet’s',
  half: '0.5 and 0.5',
  halves: 'halves the grid, as in CLIP',
  keeps: 'keeps the grid, as in CLIP-ReID',
  neck: 'class token and projection, behind batch norms',
  concatenated: 'class token and projection',
  projection: 'projection alone, as in CLIP',
  pooled: 'class token, without projection',
  left_out: 'left out',
  used: 'added, by each image’s camera',
  f32: 'F32',
  i8: '8-bit weights: faster, slightly different',
  none: 'as it is',
  flip: 'and its mirror image: takes twice as long',
};

export class Assumptions {
  #onCorrect;

  /**
   * @param {HTMLElement} element
   * @param {(field: string, value: string) => void} onCorrect
   */
  constructor(element, onCorrect) {
    this.element = element;
    this.#onCorrect = onCorrect;
  }

  /** @param {Assumption[]} assumptions */
  update(assumptions) {
    this.element.hidden = assumptions.length === 0;
    const list = find(this.element, '.assumption-list', HTMLElement);
    list.replaceChildren(...assumptions.map((assumption) => this.#row(assumption)));
  }

  /** @param {Assumption} assumption */
  #row({ field, value, choices, reason, finding }) {
    const row = clone('assumption');
    setText(row, '.assumption-name', FIELDS[field] ?? field);
    setText(row, '.assumption-reason', finding ? `${reason} ${finding}` : reason);
    const select = find(row, 'select', HTMLSelectElement);
    select.dataset.field = field;
    select.replaceChildren(...choices.map((choice) => {
      const isChosen = choice === value;
      return new Option(VALUES[choice] ?? (choice || 'names without a prefix'), choice, isChosen, isChosen);
    }));
    select.addEventListener('change', () => this.#onCorrect(field, select.value));
    return row;
  }
}
