// @ts-check
/** The CMC curve: the share of queries with a match within the first k gallery images. */
import { svg } from './svg.js';

/** @type {import('./svg.js').Frame} */
export const CMC_FRAME = {
  viewBox: '0 0 296 196',
  label: 'Share of queries with a match within the first k images, over k',
};
/** Ranks that are drawn. */
const SHOWN = 20;
const AREA = { left: 54, right: 288, top: 10, bottom: 152 };

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
    ...ks.map((k) =>
      svg('text', { class: 'tick', x: xOf(k, last), y: AREA.bottom + 18, 'text-anchor': 'middle' }, String(k)),
    ),
    svg(
      'text',
      { class: 'axis', x: (AREA.left + AREA.right) / 2, y: AREA.bottom + 38, 'text-anchor': 'middle' },
      'k (first k gallery images)',
    ),
    svg(
      'text',
      { class: 'axis', x: 0, y: 0, transform: `translate(12 ${yOf(0.5)}) rotate(-90)`, 'text-anchor': 'middle' },
      'share of queries',
    ),
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
