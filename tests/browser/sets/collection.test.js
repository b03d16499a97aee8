/** A folder of pictures without sets: each picture is searched for in all the others. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { drop, embedded, eventually, fixture, loadModel, open, saved, savedFiles, start } from '../helpers/page.js';

const PATHS = JSON.parse(readFileSync(fixture('page/expected.json'), 'utf8')).folders;
const PICTURES = [...PATHS.query, ...PATHS.gallery].map((path) => fixture(`page/folders/${path}`));
/** Of three identities: three query images each. */
const NAMED = PICTURES.slice(0, 9);

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
let folder = '';
before(async () => {
  host = await start();
  folder = mkdtempSync(join(tmpdir(), 'reid-web-collection-'));
});
after(async () => {
  await host.close();
  rmSync(folder, { recursive: true });
});

/**
 * Writes pictures without anything that names them; returns the folder.
 * @param {string} name
 * @param {string[]} pictures
 * @param {(index: number) => string} path
 */
function written(name, pictures, path) {
  for (const [index, picture] of pictures.entries()) {
    const file = join(folder, name, path(index));
    mkdirSync(join(file, '..'), { recursive: true });
    copyFileSync(picture, file);
  }
  return join(folder, name);
}

/** @param {import('playwright-core').Page} page */
const notice = (page) => page.locator('.notice-text').innerText();
/** @param {import('playwright-core').Page} page */
const ranked = async (page) => page.locator('#rank-list li').count();
/** @param {import('playwright-core').Page} page */
const pictures = async (page) => Number(await page.locator('[data-zone=query] .zone-count').innerText());

/** @param {string} path */
async function openWith(path) {
  const page = await open(host);
  await loadModel(page);
  await drop(page, 'main', [path]);
  return page;
}

test('one folder without names: every picture finds the others, nothing is judged, no question is asked', async () => {
  const page = await openWith(written('holiday', PICTURES.slice(0, 12), (index) => `IMG_${index}.png`));
  await embedded(page, 12);
  assert.equal(await notice(page), '12 pictures, no names yet. Click any of them to find the most similar ones');
  assert.equal(await page.locator('#query-title').innerText(), 'Pictures 12');
  assert.equal(await page.getByTestId('drop-gallery').isVisible(), false);
  await eventually(async () => assert.equal(await ranked(page), 11, 'all but itself'));
  assert.equal(await page.locator('#rank-list .is-match, #rank-list .is-other').count(), 0);
  assert.match(await page.locator('.metrics-note').innerText(), /^They appear once pictures have names/);
  assert.equal(await page.getByTestId('metric-map').isVisible(), false);
  await page.locator('#query-list .tile').nth(1).click();
  await eventually(async () => assert.equal(await ranked(page), 11));
  // Two names are a benchmark.
  for (const tile of [0, 1]) {
    await page.locator('#query-list .tile').nth(tile).click();
    await page.locator('#chosen [name=identity]').fill('Rosa');
    await page.keyboard.press('Tab');
  }
  await eventually(async () => assert.match(await page.locator('.metrics-note').innerText(), /^n = 2 of 12 queries/));
  assert.equal(await page.getByTestId('metric-map').isVisible(), true);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('folders of identities: the metrics are those of leave-one-out, in every panel and file', async () => {
  const page = await openWith(written('animals', NAMED, (index) => `animal-${Math.floor(index / 3)}/${index}.png`));
  await embedded(page, 9);
  assert.equal(
    await notice(page),
    '9 pictures: 3 identities from folder names. Each is searched for in all the others',
  );
  await page.locator('#study summary').first().click();
  const row = (/** @type {string} */ protocol) =>
    page.locator(`[data-protocol=${protocol}] td`).evaluateAll((cells) => cells.map((cell) => cell.dataset.value));
  await eventually(async () => assert.match((await row('leaveOneOut')).join(' '), /^[\d.]+( [\d.]+){4}$/));
  await eventually(async () => assert.deepEqual(await row('asTheyAre'), await row('leaveOneOut')));
  assert.equal(
    await page.getByTestId('metric-map').getAttribute('data-value'),
    (await row('leaveOneOut'))[3],
    'metrics and protocols',
  );
  assert.ok(!(await page.getByTestId('protocols-lost').innerText()).includes('repeat'));
  assert.equal(await page.locator('.refinements fieldset').isVisible(), false);
  await page.locator('.collection-note').waitFor();
  assert.match(await page.getByTestId('findings').innerText(), /^No problems found/);
  const metrics = JSON.parse(await saved(page, 'metrics'));
  assert.equal(metrics.perQuery.length, 9);
  const { images } = JSON.parse(await saved(page, 'embeddings'));
  assert.deepEqual(
    images.map((/** @type {{set: string}} */ { set }) => set),
    Array(9).fill(null),
  );
  const [npy, labels] = await savedFiles(page, 'npy', 2);
  assert.match(npy.bytes.subarray(0, 128).toString('latin1'), /'shape': \(9, \d+\)/);
  assert.equal(labels.bytes.toString().trim().split('\n').length, 10);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('one picture that comes later is searched for in the collection; it can be added to it instead', async () => {
  const page = await openWith(written('season', PICTURES.slice(0, 8), (index) => `${index}.png`));
  await embedded(page, 8);
  await drop(page, 'main', [
    join(
      written('one', [PICTURES[20]], () => 'found.png'),
      'found.png',
    ),
  ]);
  await embedded(page, 9);
  assert.equal(await notice(page), 'Searching in 8 pictures');
  await eventually(async () => assert.match(await page.locator('#chosen').innerText(), /found\.png/));
  await eventually(async () => assert.equal(await ranked(page), 8));
  await page.getByRole('button', { name: 'Add to the others' }).click();
  assert.equal(await notice(page), '1 picture is now among the others.');
  await page.locator('#query-list .tile').first().click();
  await eventually(async () => assert.equal(await ranked(page), 8, 'all others, the new one among them'));
  await page.getByTestId('undo').click();
  await eventually(async () => assert.equal(await ranked(page), 7));
  await page.context().close();
});

test('one picture first, then many: it is compared with all of them', async () => {
  const first = written('first', [PICTURES[0]], () => 'mine.png');
  const page = await openWith(join(first, 'mine.png'));
  await embedded(page, 1);
  assert.equal(await notice(page), '1 picture. Now add the pictures to search in');
  await drop(page, 'main', [written('many', PICTURES.slice(5, 15), (index) => `${index}.png`)]);
  await embedded(page, 11);
  await eventually(async () => assert.match(await page.locator('#chosen').innerText(), /mine\.png/));
  await eventually(async () => assert.equal(await ranked(page), 10));
  await page.context().close();
});

test('a second folder is asked about, and a collection can become queries and back', async () => {
  const page = await openWith(written('a', PICTURES.slice(0, 5), (index) => `${index}.png`));
  await embedded(page, 5);
  await drop(page, 'main', [written('b', PICTURES.slice(5, 9), (index) => `${index}.png`)]);
  await eventually(async () => assert.equal(await notice(page), '4 more pictures: what are they for?'));
  assert.equal(await pictures(page), 5);
  await page.getByRole('button', { name: 'Compare with each other' }).click();
  await embedded(page, 9);
  await eventually(async () => assert.equal(await ranked(page), 8));
  await page.getByRole('button', { name: 'Only search for these' }).click();
  assert.equal(await notice(page), '4 pictures are now searched for.');
  await page.locator('#query-list .tile').last().click();
  await eventually(async () => assert.equal(await ranked(page), 5));
  await page.getByTestId('undo').click();
  await eventually(async () => assert.equal(await ranked(page), 8));
  await page.getByTestId('clear').click();
  await eventually(async () => assert.equal(await pictures(page), 0));
  assert.equal(await page.locator('#query-title').innerText(), 'Query 0');
  await page.context().close();
});
