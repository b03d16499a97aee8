// @ts-check
/**
 * Intervals in words, including those that say less than they seem to.
 *
 * @typedef {import('../types.js').Interval} Interval
 */
import { count, fraction } from './format.js';

/**
 * "0.812 to 0.934", or that all samples were the same.
 * @param {Interval} interval
 * @param {(value: number) => string} [written]
 */
export function intervalWords({ low, high, caution }, written = fraction) {
  return caution?.kind === 'noSpread' ? 'no spread' : `${written(low)} to ${written(high)}`;
}

/**
 * What some intervals do not show, a sentence each.
 * @param {(Interval | null | undefined)[]} intervals
 */
export function cautionWords(intervals) {
  const sentences = [];
  for (const interval of intervals) {
    if (interval?.caution?.kind !== 'noSpread') continue;
    const share = Math.round(interval.caution.undetected * 100);
    sentences.push(
      'No spread: every resample has the same value. That proves little: with ' +
        `${count(interval.identities, 'identity', 'identities')}, up to ${share} % of all identities could still give ` +
        'another value (95 % confidence).',
    );
    break;
  }
  const few = intervals.find((interval) => interval?.caution?.kind === 'fewIdentities');
  if (few) sentences.push(`With only ${few.identities} identities, intervals tend to be too narrow.`);
  return sentences;
}
