/**
 * What a person's own files do in every browser: images, folders and embeddings come in, and saved files come out.
 *
 * @typedef {import('./tab.js').Tab} Tab
 * @typedef {import('./everywhere.js').Expected} Expected
 * @typedef {import('./everywhere.js').Reference} Reference
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { eventually, fixture } from '../helpers/site.js';
import { EXPORTS, OWN, OWN_IMAGES } from './chromium-reference.js';

/** Files with times of the visit, which therefore differ from visit to visit. */
const OF_THE_VISIT = ['report.html', 'metrics.json', 'metrics.csv'];

/** @param {Tab} tab @param {Reference['own']} chromium @param {Expected} expected */
export async function ownImages(tab, chromium, { tolerance }) {
  await tab.loadModel();
  for (const set of /** @type {const} */ (['gallery', 'query']))
    await tab.setFiles(`[data-testid=input-${set}]`, OWN[set]);
  await tab.embedded(OWN_IMAGES);
  assert.deepEqual(await tab.metrics(), chromium.metrics);
  for (const [what, names] of Object.entries(EXPORTS)) {
    const files = await tab.saved(`[data-export=${what}]`, names);
    for (const [at, name] of names.entries()) assertFile(name, files[at], chromium.files[name], tolerance);
  }
  const [svg] = await tab.saved('[data-plot=cmc][data-format=svg]', ['cmc.svg']);
  assert.match(String(svg), /^<svg[^]*<\/svg>\s*$/);
  const [png] = await tab.saved('[data-plot=cmc][data-format=png]', ['cmc.png']);
  assert.equal(png.toString('latin1', 1, 4), 'PNG');
  assert.deepEqual(await tab.faults(), []);
}

/** @param {Tab} tab */
export async function collection(tab) {
  const pictures = OWN.query.length;
  await tab.loadModel();
  await tab.setFiles('[data-testid=input-embeddings]', OWN.query);
  await tab.embedded(pictures);
  assert.equal(await tab.text('#query-title'), `Pictures ${pictures}`);
  await tab.until(() => document.querySelectorAll('#rank-list li').length > 0);
  assert.deepEqual(await tab.faults(), []);
}

/** @param {Tab} tab */
export async function savedEmbeddings(tab) {
  const { query, gallery, drop } = JSON.parse(readFileSync(fixture('page/expected.json'), 'utf8')).folders;
  await tab.setFiles('[data-testid=input-embeddings]', [fixture('page/embeddings.json')]);
  await tab.embedded(query.length + gallery.length);
  const { map } = await tab.metrics();
  assert.ok(
    Math.abs((map ?? NaN) - drop.meanAveragePrecision) < 1e-12,
    `mAP ${map} instead of ${drop.meanAveragePrecision}`,
  );
  assert.deepEqual(await tab.faults(), []);
}

/** @param {Tab} tab */
export async function dropsFile(tab) {
  await tab.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], '0001_c1s1_000001_00.png', { type: 'image/png' }));
    document
      .querySelector('[data-zone=query]')
      ?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
  }, readFileSync(OWN.query[0]).toString('base64'));
  await tab.until(() => document.querySelector('#query-list .tile img[src]'));
  assert.equal(await tab.text('#problems'), '');
  assert.deepEqual(await tab.faults(), []);
}

/** @param {Tab} tab */
export async function foldersLost(tab) {
  await tab.evaluate(() =>
    document.querySelector('[data-testid=input-query-folder]')?.removeAttribute('webkitdirectory'),
  );
  await tab.setFiles('[data-testid=input-query-folder]', OWN.query);
  await tab.until((count) => document.querySelectorAll('#query-list .tile').length === count, [OWN.query.length]);
  await eventually(async () => assert.match(await tab.text('#problem-list'), /files without their folders/));
}

/**
 * @param {string} name
 * @param {Buffer} found
 * @param {Buffer} wanted
 * @param {number} tolerance
 */
function assertFile(name, found, wanted, tolerance) {
  if (name === 'embeddings.json') return assertEmbeddings(found, wanted, tolerance);
  const lines = (/** @type {Buffer} */ file) => String(file).split('\n').length;
  if (tolerance === 0 && !OF_THE_VISIT.includes(name)) assert.ok(found.equals(wanted), `${name} is not Chromium’s`);
  else if (/npy|mat/.test(name)) assert.equal(found.length, wanted.length, name);
  else assert.equal(lines(found), lines(wanted), name);
}

/** @param {Buffer} found @param {Buffer} wanted  files as saved @param {number} tolerance */
export function assertEmbeddings(found, wanted, tolerance) {
  const { images } = JSON.parse(String(found));
  const reference = JSON.parse(String(wanted)).images;
  assert.deepEqual(
    images.map((/** @type {any} */ { path }) => path),
    reference.map((/** @type {any} */ { path }) => path),
  );
  for (const [at, { path, embedding }] of images.entries()) {
    const largest = Math.max(
      ...embedding.map((/** @type {number} */ value, /** @type {number} */ index) =>
        Math.abs(value - reference[at].embedding[index]),
      ),
    );
    assert.ok(largest <= tolerance, `${path}: ${largest}`);
  }
}
