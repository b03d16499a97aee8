// @ts-check
/**
 * Rank-k and mAP with definition, n and the queries that miss, or why there are none. Emits `misses` (detail k) and
 * `count-same-camera`.
 */
import { METRICS } from '../../definitions.js';
import { count, fraction, whole } from '../../words/format.js';
import {
  notEmbeddedWords,
  smallGalleryWords,
  unlabelledGalleryWords,
  unlabelledQueryWords,
  whyNone,
} from '../../words/reasons.js';
import { definitionElements } from '../definition.js';
import { find, setText } from '../dom.js';
import { View } from '../view.js';

/** @typedef {import('../../types.js').Evaluation} Evaluation */

const RANKS = [1, 5, 10];
const UNNAMED =
  'They appear once pictures have names: type an identity beside a picture, or put the pictures of each identity into ' +
  'a folder of their own.';

export class MetricsView extends View {
  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    for (const definition of METRICS) this.#define(definition);
    for (const k of RANKS) this.#misses(k).addEventListener('click', () => this.emit('misses', k));
    this.#remedy().addEventListener('click', () => this.emit('count-same-camera'));
  }

  /** @param {boolean} isBusy  whether newer values are on their way */
  showBusy(isBusy) {
    this.element.ariaBusy = String(isBusy);
  }

  /**
   * @param {Evaluation | null} evaluation
   * @param {boolean} [isUnnamed]   of pictures without names
   */
  update(evaluation, isUnnamed = false) {
    for (const k of RANKS) this.#showRank(k, evaluation);
    this.#showValue('map', evaluation?.meanAveragePrecision ?? null);
    this.#showValue('map-trapezoidal', evaluation?.meanAveragePrecisionTrapezoidal ?? null);
    setText(this.element, '[data-testid=metric-n]', isUnnamed ? '' : n(evaluation));
    setText(this.element, '.metrics-reason', isUnnamed ? UNNAMED : reason(evaluation));
    this.#remedy().hidden = !evaluation || evaluation.matches.counted > 0 || evaluation.unmatchedBy.sameCamera === 0;
  }

  /**
   * Puts a definition below the value, before its button if it has one.
   * @param {import('../../definitions.js').Definition} definition
   */
  #define(definition) {
    const row = this.#row(definition.key);
    const elements = definitionElements(definition);
    const button = row.querySelector('.show-misses');
    if (button) button.before(...elements);
    else row.append(...elements);
  }

  /**
   * @param {number} k
   * @param {Evaluation | null} evaluation
   */
  #showRank(k, evaluation) {
    const { cmc = [], hits = [], evaluated = 0 } = evaluation ?? {};
    const index = Math.min(k, cmc.length) - 1; // a gallery smaller than k: all of it
    this.#showValue(`rank-${k}`, cmc[index] ?? null);
    const row = this.#row(`rank-${k}`);
    setText(row, '.metric-hits', cmc.length ? `${whole(hits[index])}/${whole(evaluated)}` : '');
    const misses = cmc.length ? evaluated - hits[index] : 0;
    this.#misses(k).hidden = misses === 0;
    this.#misses(k).textContent = `Show the ${count(misses, 'query that fails', 'queries that fail')}`;
  }

  /**
   * @param {string} name
   * @param {number | null} value
   */
  #showValue(name, value) {
    const element = find(this.#row(name), '.metric-value', HTMLElement);
    element.textContent = fraction(value);
    element.dataset.value = value === null ? '' : String(value);
  }

  /** @param {string} name */
  #row(name) {
    return find(this.element, `[data-metric="${name}"]`, HTMLElement);
  }

  /** The button that counts images of the query's own camera, next to the reason that names them. */
  #remedy() {
    return find(this.element, '.count-same-camera', HTMLButtonElement);
  }

  /** @param {number} k */
  #misses(k) {
    return find(this.#row(`rank-${k}`), '.show-misses', HTMLButtonElement);
  }
}

/** @param {Evaluation | null} evaluation */
function n(evaluation) {
  if (!evaluation) return '';
  const { evaluated, queries, notEmbedded } = evaluation;
  return evaluated ? `n = ${whole(evaluated)} of ${count(queries + notEmbedded.queries, 'query', 'queries')}` : 'n = 0';
}

/** @param {Evaluation | null} evaluation  why there are no values, or what they leave out, after "n = …" */
function reason(evaluation) {
  if (!evaluation) return 'Metrics appear once labelled images have been processed.';
  if (evaluation.gallery === 0 || evaluation.queries === 0) return ': both sets need a processed image.';
  const why = whyNone(evaluation);
  const others = [
    notEmbeddedWords(evaluation.notEmbedded),
    unlabelledQueryWords(evaluation),
    unlabelledGalleryWords(evaluation),
    smallGalleryWords(evaluation),
  ].filter(Boolean);
  const words = (why && `: ${why}`) + others.map((other) => `; ${other}`).join('');
  return words && `${words}.`;
}
