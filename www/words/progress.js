// @ts-check
/**
 * How far the processing of images is, in words.
 *
 * @typedef {import('../types.js').Progress} Progress
 * @typedef {{images: number, failed: number, aside: number, seconds: number}} Finished   aside: images that wait
 */
import { count, duration, speed, whole } from './format.js';

/** Shorter runs are not worth a time. */
const SHORT_SECONDS = 1;

/** @param {number} files  found so far */
export function listingWords(files) {
  return `Listing files: ${whole(files)} found`;
}

/** @param {Progress} progress  of a run that is under way, or has stopped */
export function progressWords({ phase, done, total, imagesPerSecond, secondsLeft }) {
  const share = `${whole(done)} of ${count(total, 'image')}`;
  if (phase === 'paused') return `Stopped at ${share}`;
  if (phase === 'stalled') return `Waiting for a worker, ${share}`;
  const parts = [share];
  if (imagesPerSecond > 0) parts.push(speed(imagesPerSecond));
  if (secondsLeft !== null) parts.push(`${duration(secondsLeft)} left`);
  return `${phase === 'reading' ? 'Reading' : 'Processing'} ${parts.join(', ')}`;
}

/**
 * "120 images processed in 9.7 s", "1 image processed, 1 could not be read"; '' for images that were only read, without a model.
 *
 * @param {Finished} run
 * @param {boolean} hasModel
 */
export function finishedWords({ images, failed, aside, seconds }, hasModel) {
  const done = images - failed;
  const time = seconds < SHORT_SECONDS ? '' : ` in ${seconds < 10 ? `${seconds.toFixed(1)} s` : duration(seconds)}`;
  if (!hasModel && failed + aside === 0) return '';
  const waiting = aside ? [`${count(aside, 'image')} ${aside === 1 ? 'is' : 'are'} waiting`] : [];
  if (done === 0) return [...(failed ? [`${count(failed, 'image')} could not be read`] : []), ...waiting].join(', ');
  const made = `${count(done, 'image')} ${hasModel ? 'processed' : 'read'}${time}`;
  return [made, ...(failed ? [`${whole(failed)} could not be read`] : []), ...waiting].join(', ');
}
