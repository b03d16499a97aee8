// @ts-check
/**
 * Similarities of same-identity and different-identity pairs, the ROC curve, and a threshold. Emits `target`
 * (detail ThresholdTarget) and `try` (detail a similarity).
 *
 * @typedef {import('../../types.js').AtThreshold} AtThreshold
 */
import { DISTRIBUTION_FRAME, distributionPlot } from '../../plots/distribution.js';
import { ROC_FRAME, rocPlot } from '../../plots/roc.js';
import { setFrame } from '../../plots/svg.js';
import { fraction } from '../../words/format.js';
import { thresholdWords } from '../../words/threshold.js';
import { find, setText, textElement } from '../dom.js';
import { View } from '../view.js';
import { checkNumbers } from './number-fields.js';

export class ThresholdView extends View {
  #form;
  #slider;
  #distributions;
  #roc;
  /** @type {(import('../../types.js').Evaluation & import('../../types.js').StudyResults) | null} */
  #study = null;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    this.#form = find(element, '.threshold', HTMLFormElement);
    this.#slider = find(element, '#threshold-slider', HTMLInputElement);
    this.#distributions = find(element, '.distribution-plot', SVGSVGElement);
    this.#roc = find(element, '.roc-plot', SVGSVGElement);
    setFrame(this.#distributions, DISTRIBUTION_FRAME);
    setFrame(this.#roc, ROC_FRAME);
    this.#form.addEventListener('submit', (event) => event.preventDefault());
    this.#form.addEventListener('change', (event) => event.target !== this.#slider && this.#chooseTarget());
    this.#slider.addEventListener('input', () => this.emit('try', this.#slider.valueAsNumber));
  }

  /** @param {(import('../../types.js').Evaluation & import('../../types.js').StudyResults) | null} study */
  update(study) {
    this.#study = study;
    this.element.hidden = !study?.verification.curve.length;
    if (this.element.hidden || !study) return;
    const { reRanking, normalisation } = study.settings;
    // Normalised scores are no cosines.
    const [low, high] = normalisation ? [-10, 10] : reRanking ? [0, 1] : [-1, 1];
    Object.assign(this.#slider, { min: String(low), max: String(high) });
    this.#draw(study.threshold?.threshold ?? null);
  }

  /** @param {AtThreshold & {threshold: number}} found */
  showRates(found) {
    const { threshold } = found;
    this.#slider.value = String(threshold);
    setText(this.element, '.threshold-value', fraction(threshold));
    this.#draw(threshold);
    const list = find(this.element, '.threshold-meaning', HTMLElement);
    list.replaceChildren(...thresholdWords(found, this.#study).map((text) => textElement('li', text)));
  }

  #chooseTarget() {
    const value = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (this.#form.elements.namedItem(name));
    const kind = value('target').value;
    for (const [part, of] of [
      ['.target-rate', 'falsePositiveRate'],
      ['.target-cost', 'cost'],
    ]) {
      const fields = find(this.#form, part, HTMLElement);
      fields.hidden = kind !== of;
      // A field that is not needed is not checked either.
      for (const input of fields.querySelectorAll('input')) input.disabled = fields.hidden;
    }
    if (!checkNumbers(this.#form, 'The threshold stays as it is.')) return;
    const targets = /** @type {Record<string, object>} */ ({
      equalErrorRate: {},
      falsePositiveRate: { rate: value('rate').valueAsNumber },
      cost: { ratio: value('ratio').valueAsNumber, prior: value('prior').valueAsNumber },
    });
    this.emit('target', { kind, ...targets[kind] });
  }

  /** Of a study whose best threshold is above every similarity. */
  showNone() {
    setText(this.element, '.threshold-value', '');
    const text = 'Accepting no pair at all is best here: any threshold above the highest similarity does that.';
    find(this.element, '.threshold-meaning', HTMLElement).replaceChildren(textElement('li', text));
    this.#draw(null);
  }

  /** @param {number | null} threshold */
  #draw(threshold) {
    if (!this.#study) return;
    this.#distributions.replaceChildren(...distributionPlot(this.#study.verification, threshold));
    this.#roc.replaceChildren(...rocPlot(this.#study.verification));
  }
}
