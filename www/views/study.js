// @ts-check
/**
 * All numbers of an evaluation in a table, with what refinements change. Emits `toggle` (detail boolean: it is open) and
 * `query` (detail id) to show one.
 *
 * @typedef {import('../types.js').Change} Change
 * @typedef {import('../types.js').Interval} Interval
 * @typedef {import('../types.js').Item} Item
 * @typedef {import('../types.js').Studied} Studied
 * @typedef {{name: string, value: number | null, interval?: Interval | null, change?: Interval | null, note?: string}} Row
 */
import { count, fraction, NOTHING, whole } from '../format.js';
import { find, setText, textElement } from './dom.js';
import { View } from './view.js';

/** Queries that are named of those that have become better or worse. */
const NAMED = 12;

export class StudyView extends View {
  #rows;

  /** @param {HTMLDetailsElement} element */
  constructor(element) {
    super(element);
    this.#rows = find(element, '.study-table tbody', HTMLElement);
    element.addEventListener('toggle', () => this.emit('toggle', element.open));
  }

  /** @param {boolean} isBusy */
  showBusy(isBusy) {
    this.element.ariaBusy = String(isBusy);
    setText(this.element, '.study-state', isBusy ? 'computing …' : '');
  }

  /** @param {string} reason */
  showError(reason) {
    setText(this.element, '.study-error', reason);
  }

  /**
   * @param {Studied | null} studied
   * @param {(id: number) => Item | undefined} itemOf
   */
  update(studied, itemOf) {
    this.showError(studied ? '' : 'Both sets need embedded images.');
    this.#rows.replaceChildren(...(studied ? rowsOf(studied).map(rowElement) : []));
    this.element.classList.toggle('has-changes', Boolean(studied?.comparison));
    setText(this.element, '.study-note', studied ? noteOf(studied) : '');
    const changes = find(this.element, '.study-changes', HTMLElement);
    changes.hidden = !studied?.comparison;
    if (!studied?.comparison) return;
    const { better, worse } = studied.comparison;
    find(changes, '.study-better', HTMLElement).replaceChildren(...this.#named(better, 'better', itemOf));
    find(changes, '.study-worse', HTMLElement).replaceChildren(...this.#named(worse, 'worse', itemOf));
  }

  /**
   * @param {Change[]} changes
   * @param {string} word
   * @param {(id: number) => Item | undefined} itemOf
   */
  #named(changes, word, itemOf) {
    const buttons = changes.slice(0, NAMED).flatMap(({ id, before, after }) => {
      const button = textElement('button', itemOf(id)?.path.split('/').slice(-2).join('/') ?? String(id), 'link-button');
      button.title = `AP ${fraction(before)} → ${fraction(after)}`;
      button.addEventListener('click', () => this.emit('query', id));
      return [button, ' '];
    });
    const more = changes.length > NAMED ? `and ${whole(changes.length - NAMED)} more` : '';
    return [`${count(changes.length, 'query has', 'queries have')} a ${word} AP${changes.length ? ': ' : '. '}`, ...buttons, more];
  }
}

/**
 * @param {Studied} studied
 * @returns {Row[]}
 */
function rowsOf({ study, comparison }) {
  const { cmc, intervals, retrieval, verification, bestBalanced, atFalseAlarms } = study;
  const change = comparison?.differences;
  const rank = (/** @type {number} */ k) => cmc[Math.min(k, cmc.length) - 1] ?? null;
  return [
    { name: 'Rank-1', value: rank(1), interval: intervals.rank1, change: change?.rank1 },
    { name: 'Rank-5', value: rank(5), interval: intervals.rank5, change: change?.rank5 },
    { name: 'Rank-10', value: rank(10), interval: intervals.rank10, change: change?.rank10 },
    { name: 'mAP', value: study.meanAveragePrecision, interval: intervals.meanAveragePrecision, change: change?.meanAveragePrecision },
    { name: 'mAP, trapezoidal', value: study.meanAveragePrecisionTrapezoidal, interval: intervals.meanAveragePrecisionTrapezoidal, change: change?.meanAveragePrecisionTrapezoidal },
    { name: 'mINP', value: retrieval.meanInverseNegativePenalty, interval: intervals.meanInverseNegativePenalty, change: change?.meanInverseNegativePenalty },
    { name: 'R-precision', value: retrieval.meanRPrecision },
    { name: 'nDCG', value: retrieval.meanNormalisedDiscountedGain },
    ...retrieval.at.slice(1).flatMap(({ rank, meanPrecision, meanRecall }) => [
      { name: `Precision at ${rank}`, value: meanPrecision }, { name: `Recall at ${rank}`, value: meanRecall },
    ]),
    { name: 'AUC', value: verification.areaUnderCurve },
    { name: 'EER', value: verification.equalErrorRate?.rate ?? null },
    { name: 'd′', value: verification.dPrime },
    ...verification.truePositiveRates.map(({ target, truePositiveRate, tooFewImpostors }) => (
      { name: `TPR at FPR ${target}`, value: truePositiveRate, note: tooFewImpostors ? 'too few wrong pairs' : '' })),
    ...(bestBalanced ? [{ name: 'Best balanced accuracy, open set', value: bestBalanced.balancedAccuracy }] : []),
    ...(atFalseAlarms ? [{ name: 'DIR at FPIR ≤ 0.01', value: atFalseAlarms.detectionAndIdentificationRate }] : []),
  ];
}

/** @param {Row} row */
function rowElement({ name, value, interval, change, note = '' }) {
  const element = document.createElement('tr');
  const head = textElement('th', name);
  head.scope = 'row';
  const between = interval ? `${fraction(interval.low)} to ${fraction(interval.high)}` : note;
  const cells = [fraction(value), between, change ? `${signed(change.estimate)} (${signed(change.low)} to ${signed(change.high)})` : ''];
  element.append(head, ...cells.map((text) => textElement('td', text)));
  const [shown, , changed] = element.querySelectorAll('td');
  shown.dataset.value = value === null ? '' : String(value);
  changed.className = 'study-change';
  return element;
}

/** @param {number} value */
function signed(value) {
  return value > 0 ? `+${fraction(value)}` : fraction(value);
}

/** @param {Studied} studied */
function noteOf({ study, comparison }) {
  const { evaluated, queries, verification, openSet, intervals } = study;
  const pairs = `${count(verification.genuine.pairs, 'right pair')}, ${count(verification.impostor.pairs, 'wrong pair')}`;
  const sets = `${whole(openSet.known)} queries in the gallery, ${whole(openSet.unknown)} not`;
  const few = intervals.rank1 ? '' : ` No intervals (${NOTHING}): they need two identities.`;
  const multi = comparison === null && study.settings.averageQueries ? ' Averaged queries are not the same queries, so no change is shown.' : '';
  return `n = ${whole(evaluated)} of ${count(queries, 'query', 'queries')}; ${pairs}; ${sets}.${few}${multi}`;
}
