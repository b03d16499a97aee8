// @ts-check
/**
 * The chosen query: image, identity, metrics, labels.
 * Emits `step` (detail -1 | 1), `open`, `label` (detail {id, patch}), `remove` (detail id).
 *
 * @typedef {object} Chosen
 * @property {import('../../types.js').Item} item
 * @property {number} position      from 1, among the queries of its identity
 * @property {number} siblings      queries of its identity
 * @property {import('../../types.js').QueryResult | undefined} result
 * @property {Float32Array | null} embedding
 */
import { fraction, identityName } from '../../words/format.js';
import { UNMATCHED_WORDS } from '../../words/reasons.js';
import { clone, find, setText } from '../dom.js';
import { LabelFormView } from '../sets/label-form.js';
import { View } from '../view.js';
import { EmbeddingStripView } from './embedding-strip.js';
import { FullImageView } from './full-image.js';

export class ChosenView extends View {
  #image;
  #labels;
  #strip = new EmbeddingStripView();

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    element.append(clone('chosen-image'));
    this.#image = new FullImageView(find(element, 'img', HTMLImageElement));
    this.#labels = new LabelFormView(
      (id, patch) => this.emit('label', { id, patch }),
      (id) => this.emit('remove', id),
    );
    const labels = find(element, '.chosen-labels', HTMLElement);
    labels.append(this.#labels.element);
    labels.before(this.#strip.element);
    this.#wire('.previous', 'step', -1);
    this.#wire('.next', 'step', 1);
    this.#wire('.chosen-frame', 'open');
  }

  /** @param {Chosen | null} chosen */
  update(chosen) {
    this.element.hidden = chosen === null;
    this.#image.update(chosen?.item ?? null);
    if (!chosen) return;
    const { item, position, siblings, result, embedding } = chosen;
    const size = item.width ? `, ${item.width} × ${item.height} pixels` : '';
    const origin = item.origin ? `, embedding from ${item.origin.file}` : '';
    this.element.dataset.status = item.status;
    this.element.toggleAttribute('data-imported', item.file === null);
    setText(this.element, '.chosen-identity', identityName(item.identity));
    setText(this.element, '.chosen-position', `${position} of ${siblings}`);
    setText(this.element, '.chosen-path', item.path + size + origin);
    setText(this.element, '.first-match', firstMatch(result));
    setText(this.element, '.ap-standard', fraction(result?.averagePrecision));
    setText(this.element, '.ap-trapezoidal', fraction(result?.averagePrecisionTrapezoidal));
    this.#strip.update(embedding);
    this.#labels.update(item);
  }

  /**
   * @param {string} selector
   * @param {string} type
   * @param {unknown} [detail]
   */
  #wire(selector, type, detail) {
    find(this.element, selector, HTMLButtonElement).addEventListener('click', () => this.emit(type, detail));
  }
}

/** @param {import('../../types.js').QueryResult | undefined} result */
function firstMatch(result) {
  if (!result) return '–';
  if (result.firstMatchRank) return `rank ${result.firstMatchRank}`;
  return result.unmatched ? UNMATCHED_WORDS[result.unmatched] : 'unknown';
}
