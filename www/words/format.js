// @ts-check
/** How numbers are written on the page. */

export const NOTHING = '–';

/** @param {number | null | undefined} value  0..1 or a cosine, three digits */
export function fraction(value) {
  return value === null || value === undefined ? NOTHING : value.toFixed(3).replace('-', '−');
}

/** @param {number} value  with thousands separated */
export function whole(value) {
  return value.toLocaleString('en');
}

/**
 * "1 image", "24 images".
 * @param {number} value
 * @param {string} singular
 * @param {string} [plural]
 */
export function count(value, singular, plural = `${singular}s`) {
  return `${whole(value)} ${value === 1 ? singular : plural}`;
}

/** @param {number} value  decimal units, as download pages show them */
export function bytes(value) {
  if (value < 1e6) return `${Math.round(value / 1e3)} kB`;
  return value < 1e9 ? `${(value / 1e6).toFixed(value < 1e7 ? 1 : 0)} MB` : `${(value / 1e9).toFixed(2)} GB`;
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 60) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** @param {number} imagesPerSecond */
export function speed(imagesPerSecond) {
  if (imagesPerSecond <= 0) return '';
  if (imagesPerSecond < 1) return `${(1 / imagesPerSecond).toFixed(1)} s per image`;
  return `${imagesPerSecond < 10 ? imagesPerSecond.toFixed(1) : Math.round(imagesPerSecond)} images/s`;
}

/** @param {string} path  of which only the last part is shown where there is no room */
export function fileName(path) {
  return path.split('/').at(-1) ?? path;
}

/** The identity of images that show none of the identities that are looked for. */
export const JUNK = '-1';

/** @param {string | null} identity */
export function identityName(identity) {
  return identity ?? 'Unlabelled';
}

/** Invisible characters that change the direction of text. */
const DIRECTION = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/**
 * A name inside a sentence: it changes the direction of nothing around it, and cannot pass for another name.
 * @param {string} name
 */
export function isolated(name) {
  const shown = name.replace(DIRECTION, '\uFFFD');
  return RIGHT_TO_LEFT.test(shown) ? `\u2068${shown}\u2069` : shown;
}
