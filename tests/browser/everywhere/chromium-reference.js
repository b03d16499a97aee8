/** What Chromium makes of the same pages: the numbers that the other browsers are compared with. */
import { readdirSync } from 'node:fs';
import { embedded, fixture, loadModel, metrics, open, savedFiles, start } from '../helpers/page.js';

const MOST_STOPS = 80;
/** Images of the hands that the page opens with, and of one's own. */
export const HANDS = 120;
export const OWN_IMAGES = 32;

const inFolder = (/** @type {string} */ path) => readdirSync(fixture(path)).map((name) => fixture(`${path}/${name}`));
/** One's own images, chosen as files: their names say who is in them. */
export const OWN = { query: inFolder('page/market/query'), gallery: inFolder('page/market/bounding_box_test') };

/** What each button saves. @type {Record<string, string[]>} */
export const EXPORTS = {
  report: ['report.html'],
  metrics: ['metrics.json'],
  tables: ['metrics.csv', 'metrics.queries.csv'],
  ranks: ['ranks.csv'],
  scores: ['scores.csv'],
  similarities: ['similarities.npy', 'similarities.csv'],
  embeddings: ['embeddings.json'],
  npy: ['embeddings.npy', 'embeddings.csv'],
  mat: ['embeddings.mat'],
};

/** Heights of a group of tiles in both lists, in CSS pixels. Runs in the page. */
export function groupHeights() {
  return ['query', 'gallery'].map(
    (set) => document.querySelector(`#${set}-list .tile-group`)?.getBoundingClientRect().height,
  );
}

/** Puts the focus on the first control. Runs in the page. */
export function focusFirst() {
  /** @type {HTMLElement | null} */ (document.querySelector('#model-button'))?.focus();
}

/** What has the focus. Runs in the page. */
export function focused() {
  const element = /** @type {HTMLElement} */ (document.activeElement);
  const name = element.id || element.getAttribute('name') || element.ariaLabel || element.innerText.trim().slice(0, 20);
  return `${element.tagName} ${element.className} ${name}`;
}

/**
 * Presses the Tab key, from the first control, until it leads out of the page or back to it. Undo, which goes after a
 * while, is left out.
 *
 * @param {() => Promise<void>} press
 * @param {() => Promise<string>} name  of what has the focus
 */
export async function tabStops(press, name) {
  /** @type {string[]} */
  const stops = [];
  for (;;) {
    await press();
    const stop = await name();
    if (/^(BODY|HTML) |model-button$/.test(stop) || stops.includes(stop) || stops.length > MOST_STOPS) return stops;
    if (!stop.includes('undo')) stops.push(stop);
  }
}

/**
 * @typedef {{metrics: Record<string, number | null>, files: Record<string, Buffer>}} Result  files by name
 * @returns {Promise<{hands: Result & {heights: (number | undefined)[], stops: string[]}, own: Result}>}
 */
export async function inChromium() {
  const host = await start();
  try {
    const page = await open(host, { query: '?device=cpu' });
    await page.waitForSelector('#model-button[data-status=ready]');
    await embedded(page, HANDS);
    const heights = await page.evaluate(groupHeights);
    await page.evaluate(focusFirst);
    const stops = await tabStops(
      () => page.keyboard.press('Tab'),
      () => page.evaluate(focused),
    );
    const hands = {
      heights,
      stops,
      metrics: await metrics(page),
      files: await allFiles(page, { embeddings: EXPORTS.embeddings }),
    };
    const second = await open(host);
    await loadModel(second);
    for (const set of /** @type {const} */ (['gallery', 'query']))
      await second.getByTestId(`input-${set}`).setInputFiles(OWN[set]);
    await embedded(second, OWN_IMAGES);
    return { hands, own: { metrics: await metrics(second), files: await allFiles(second, EXPORTS) } };
  } finally {
    await host.close();
  }
}

/**
 * @param {import('playwright-core').Page} page
 * @param {Record<string, string[]>} exports
 */
async function allFiles(page, exports) {
  /** @type {Record<string, Buffer>} */
  const files = {};
  for (const [what, names] of Object.entries(exports)) {
    for (const { name, bytes } of await savedFiles(page, what, names.length)) files[name] = bytes;
  }
  return files;
}
