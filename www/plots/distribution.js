// @ts-check
/**
 * Distribution of similarities, of same-identity and of different-identity pairs, as two stepped outlines.
 *
 * @typedef {import('../types.js').Verification} Verification
 */
import { svg } from './svg.js';

/** @type {import('./svg.js').Frame} */
export const DISTRIBUTION_FRAME = {
  viewBox: '0 0 480 200',
  label: 'Distribution of similarities, of same-identity and of different-identity pairs',
};
const AREA = { left: 16, right: 464, top: 10, bottom: 160 };
/** Similarities between two ticks. */
const STEP = 0.25;

/**
 * @param {Verification} verification
 * @param {number | null} threshold
 */
export function distributionPlot({ genuine, impostor }, threshold) {
  const bins = genuine.histogram.length;
  const used = [...genuine.histogram.keys()].filter((bin) => genuine.histogram[bin] + impostor.histogram[bin] > 0);
  const [from, to] = [Math.max(0, used[0] - 1), Math.min(bins, used[used.length - 1] + 2)];
  const xOf = (/** @type {number} */ bin) => AREA.left + ((bin - from) / (to - from)) * (AREA.right - AREA.left);
  const shares = [impostor, genuine].map(({ histogram, pairs }) =>
    histogram.slice(from, to).map((count) => count / Math.max(1, pairs)),
  );
  const highest = Math.max(...shares.flat());
  const yOf = (/** @type {number} */ share) => AREA.bottom - (share / highest) * (AREA.bottom - AREA.top);
  const outline = (/** @type {number[]} */ values) => {
    const steps = values.flatMap((share, at) => [
      [xOf(from + at), yOf(share)],
      [xOf(from + at + 1), yOf(share)],
    ]);
    return [[xOf(from), AREA.bottom], ...steps, [xOf(to), AREA.bottom]].map((point) => point.join(',')).join(' ');
  };
  const placeOf = (/** @type {number} */ similarity) => xOf(((similarity + 1) * bins) / 2);
  const isInside = (/** @type {number} */ x) => x >= AREA.left && x <= AREA.right;
  const ticks = Array.from({ length: 2 / STEP + 1 }, (_, at) => -1 + at * STEP).filter((tick) =>
    isInside(placeOf(tick)),
  );
  const place = threshold === null ? NaN : placeOf(threshold);
  return [
    svg('line', { class: 'grid', x1: AREA.left, x2: AREA.right, y1: AREA.bottom, y2: AREA.bottom }),
    svg('polygon', { class: 'different-pairs', points: outline(shares[0]) }),
    svg('polygon', { class: 'same-pairs', points: outline(shares[1]) }),
    ...ticks.map((tick) =>
      svg(
        'text',
        { class: 'tick', x: placeOf(tick), y: AREA.bottom + 18, 'text-anchor': 'middle' },
        tick.toFixed(2).replace('-', '−'),
      ),
    ),
    ...(isInside(place)
      ? [svg('line', { class: 'threshold-mark', x1: place, x2: place, y1: AREA.top, y2: AREA.bottom })]
      : []),
    svg(
      'text',
      { class: 'axis', x: (AREA.left + AREA.right) / 2, y: AREA.bottom + 36, 'text-anchor': 'middle' },
      'similarity; each outline shows shares of its own pairs',
    ),
  ];
}
