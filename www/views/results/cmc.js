// @ts-check
/** The CMC curve as a plot, and the same numbers as a table. */
import { fraction, whole } from '../../words/format.js';
import { find, textElement } from '../dom.js';
import { svg } from '../../plots/svg.js';
import { View } from '../view.js';

const SHOWN = 20;
const TABLE_ROWS = 100;
const AREA = { left: 54, right: 288, top: 10, bottom: 152 };

export class CmcPlot extends View {
  #plot;
  #rows;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    this.#plot = find(element, 'svg', SVGSVGElement);
    this.#rows = find(element, 'tbody', HTMLElement);
    this.update(null);
  }

  /** @param {import('../../types.js').Evaluation | null} evaluation */
  update(evaluation) {
    const { cmc = [], hits = [], evaluated = 0 } = evaluation ?? {};
    this.#plot.replaceChildren(...cmcPlot(cmc));
    this.#rows.replaceChildren(...cmc.slice(0, TABLE_ROWS).map((share, index) => {
      const row = document.createElement('tr');
      const cells = [String(index + 1), fraction(share), `${whole(hits[index])}/${whole(evaluated)}`];
      row.append(...cells.map((text) => textElement('td', text)));
      return row;
    }));
  }
}

/** @param {number[]} cmc */
export function cmcPlot(cmc) {
  const last = Math.max(2, Math.min(SHOWN, cmc.length || 10));
  return [...axes(last), ...curve(cmc.slice(0, last), last)];
}

/** @param {number} k @param {number} last */
const xOf = (k, last) => AREA.left + ((k - 1) / (last - 1)) * (AREA.right - AREA.left);
/** @param {number} share */
const yOf = (share) => AREA.bottom - share * (AREA.bottom - AREA.top);

/** @param {number} last */
function axes(last) {
  const step = last > 12 ? 5 : last > 6 ? 3 : 1;
  const ks = Array.from({ length: last }, (_, index) => index + 1).filter((k) => k === 1 || k % step === 0);
  return [
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      svg('line', { class: 'grid', x1: AREA.left, x2: AREA.right, y1: yOf(share), y2: yOf(share) }),
      svg('text', { class: 'tick', x: AREA.left - 8, y: yOf(share) + 4, 'text-anchor': 'end' }, share.toFixed(2)),
    ]),
    ...ks.map((k) => svg('text', { class: 'tick', x: xOf(k, last), y: AREA.bottom + 18, 'text-anchor': 'middle' }, String(k))),
    svg('text', { class: 'axis', x: (AREA.left + AREA.right) / 2, y: AREA.bottom + 38, 'text-anchor': 'middle' }, 'k (first k gallery images)'),
    svg('text', { class: 'axis', x: 0, y: 0, transform: `translate(12 ${yOf(0.5)}) rotate(-90)`, 'text-anchor': 'middle' }, 'share of queries'),
  ];
}

/**
 * @param {number[]} cmc
 * @param {number} last
 */
function curve(cmc, last) {
  const points = cmc.map((share, index) => [xOf(index + 1, last), yOf(share)]);
  const line = svg('polyline', { class: 'curve', points: points.map((point) => point.join(',')).join(' ') });
  return [line, ...points.map(([x, y]) => svg('circle', { class: 'point', cx: x, cy: y, r: 2.5 }))];
}
