// @ts-check
/** The ROC curve over a logarithmic false positive rate. */
import { svg } from './svg.js';

/** @type {import('./svg.js').Frame} */
export const ROC_FRAME = {
  viewBox: '0 0 480 240',
  label: 'True positive rate over the false positive rate, logarithmic',
};
const AREA = { left: 54, right: 464, top: 10, bottom: 192 };
const LEAST_DECADES = 2;

/** @param {import('../types.js').Verification} verification */
export function rocPlot({ curve, impostor }) {
  const decades = Math.max(LEAST_DECADES, Math.ceil(Math.log10(Math.max(1, impostor.pairs))));
  const xOf = (/** @type {number} */ share) => {
    const position = 1 + Math.log10(Math.max(share, 10 ** -decades)) / decades;
    return AREA.left + position * (AREA.right - AREA.left);
  };
  const yOf = (/** @type {number} */ share) => AREA.bottom - share * (AREA.bottom - AREA.top);
  // Every step up is vertical: the curve does not slope between two points.
  const points = curve.flatMap(({ falsePositiveRate, truePositiveRate }, at) => {
    const before = at ? curve[at - 1].truePositiveRate : 0;
    return [
      [xOf(falsePositiveRate), yOf(before)],
      [xOf(falsePositiveRate), yOf(truePositiveRate)],
    ];
  });
  const powers = Array.from({ length: decades + 1 }, (_, power) => -power).filter(
    (power) => decades < 7 || power % 2 === 0,
  );
  return [
    ...[0, 0.25, 0.5, 0.75, 1].flatMap((share) => [
      svg('line', { class: 'grid', x1: AREA.left, x2: AREA.right, y1: yOf(share), y2: yOf(share) }),
      svg('text', { class: 'tick', x: AREA.left - 8, y: yOf(share) + 4, 'text-anchor': 'end' }, share.toFixed(2)),
    ]),
    ...powers.map((power) =>
      svg(
        'text',
        { class: 'tick', x: xOf(10 ** power), y: AREA.bottom + 18, 'text-anchor': 'middle' },
        power ? `1e−${-power}` : '1',
      ),
    ),
    svg('polyline', { class: 'curve', points: points.map((point) => point.join(',')).join(' ') }),
    svg(
      'text',
      { class: 'axis', x: (AREA.left + AREA.right) / 2, y: AREA.bottom + 38, 'text-anchor': 'middle' },
      'false positive rate',
    ),
    svg(
      'text',
      { class: 'axis', x: 0, y: 0, transform: `translate(12 ${yOf(0.5)}) rotate(-90)`, 'text-anchor': 'middle' },
      'true positive rate',
    ),
  ];
}
