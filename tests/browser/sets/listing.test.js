/**
 * Thousands of files: the page stays usable while they are listed, and as little as it can is made of all of them at
 * once.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Slices } from '../../../www/scheduling/slices.js';
import { paginate } from '../../../www/views/sets/tile-pages.js';
import { drop, loadModel, open, start } from '../helpers/page.js';
import { plainPng } from '../helpers/pictures.js';
import { mainThreadTasks } from '../helpers/tasks.js';

const FILES = 10_000;

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
/** As many queries of 500 identities as gallery images, all of which are in one folder, without an identity. */
let folder = '';
before(async () => {
  host = await start();
  folder = join(mkdtempSync(join(tmpdir(), 'reid-web-')), 'many');
  const small = plainPng(16, 16, [200, 100, 50]);
  for (let index = 0; index < FILES; index += 1) {
    const below = index % 2 ? 'gallery' : `query/${(index / 2) % 500}`;
    mkdirSync(join(folder, below), { recursive: true });
    // Each file is another one: a comment behind the picture.
    writeFileSync(join(folder, below, `${index}.png`), Buffer.concat([small, Buffer.from(String(index))]));
  }
});
after(async () => {
  await host.close();
  rmSync(join(folder, '..'), { recursive: true });
});

/** @param {import('playwright-core').Page} page */
const told = (page) =>
  page.evaluate(() => ({
    notice: document.querySelector('.notice-text')?.textContent ?? '',
    progress: document.querySelector('.progress-text')?.textContent ?? '',
  }));

/** @param {import('playwright-core').Page} page @param {RegExp} pattern */
async function until(page, pattern) {
  for (const end = Date.now() + 60_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const { progress } = await told(page);
    if (pattern.test(progress)) return progress;
  }
  throw new Error(`${JSON.stringify(await told(page))} does not become ${pattern}`);
}

/**
 * A click without Playwright's own work in the page.
 * @param {import('playwright-core').Page} page
 * @param {string} selector
 */
const click = (page, selector) =>
  page.evaluate((one) => /** @type {HTMLElement} */ (document.querySelector(one)).click(), selector);

test('10,000 files: listed with a count, cancelled, listed again and embedded without a task of 100 ms', {
  timeout: 240_000,
}, async () => {
  const page = await open(host);
  await loadModel(page);
  /** @type {string[]} */
  const counts = [];
  const tasks = await mainThreadTasks(host.browser, async () => {
    await drop(page, '[data-testid=drop-dataset]', [folder]);
    counts.push(await until(page, /Listing files: [1-9]/));
    counts.push(await until(page, /Listing files: [3-9],/));
    await click(page, '.cancel');
    await until(page, /^$/);
    assert.equal((await told(page)).notice, 'Cancelled: nothing was added.');
    assert.equal(await page.evaluate(() => document.querySelectorAll('.tile').length), 0);

    await drop(page, '[data-testid=drop-dataset]', [folder]);
    await until(page, /Processing [1-9]\d of 10,000/);
    assert.match((await told(page)).notice, /^5,?000 query and 5,000 gallery images/);
    await click(page, '.cancel');
    await until(page, /Stopped at \d+ of 10,000/);
    await click(page, '.continue');
    await until(page, /Processing [1-9]\d of 9,9\d\d/);
  });
  assert.notEqual(counts[0], counts[1]);
  assert.ok(tasks.length > 100, `${tasks.length} tasks`);
  const longest = tasks.reduce((one, other) => Math.max(one, other), 0);
  assert.ok(longest < 100, `${longest} ms`);

  const [query, gallery] = await page.evaluate(() =>
    ['query', 'gallery'].map((set) => document.querySelectorAll(`#${set}-list .tile`).length),
  );
  assert.ok(query > 50 && query < 1000 && gallery > 50 && gallery < 1000, `${query} and ${gallery} tiles are built`);
  await page.context().close();
});

test('of a long list any image can be reached: by scrolling, with the keys, and by name', {
  timeout: 120_000,
}, async () => {
  const page = await open(host);
  await page.getByTestId('drop-gallery').waitFor();
  await drop(page, '[data-testid=drop-gallery]', [join(folder, 'gallery')]);
  await page.waitForFunction(() => document.querySelector('[data-zone=gallery] .zone-count')?.textContent === '5,000');
  const path = `gallery/${FILES - 1}.png`;
  const last = page.locator(`#gallery-list .tile[data-path="${path}"]`);
  assert.equal(await last.count(), 0);

  const height = await page.locator('#gallery-list').evaluate((list) => list.scrollHeight);
  await page.locator('#gallery-list').evaluate((list) => list.scrollTo(0, list.scrollHeight));
  await last.waitFor();
  const built = await page.locator('#gallery-list').evaluate((list) => list.scrollHeight);
  assert.ok(Math.abs(built - height) <= 2, `${height} px unbuilt, ${built} px built`);

  await page.locator('#gallery-list').evaluate((list) => list.scrollTo(0, 0));
  await page.locator('#gallery-list .tile').first().focus();
  await page.keyboard.press('End');
  assert.equal(await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).dataset.path), path);
  await page.keyboard.press('ArrowLeft');
  assert.equal(
    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).dataset.path),
    `gallery/${FILES - 3}.png`,
  );
  await page.keyboard.press('Home');
  assert.equal(
    await page.evaluate(() => /** @type {HTMLElement} */ (document.activeElement).dataset.path),
    'gallery/1.png',
  );
  await page.context().close();
});

test('a list is sorted in slices as at once, equals in the order in which they came', async () => {
  const list = Array.from({ length: 3210 }, (_, index) => ({ index, key: (index * 7919) % 613 }));
  const byKey = (/** @type {{key: number}} */ one, /** @type {{key: number}} */ other) => one.key - other.key;
  assert.deepEqual(await new Slices().sorted(list, byKey), list.toSorted(byKey));
  assert.deepEqual(await new Slices().sorted([], byKey), []);
});

test('work in slices ends when nobody wants it any more', async () => {
  const abort = new AbortController();
  let handled = 0;
  const working = new Slices(abort.signal).each(Array.from({ length: 1e6 }), () => {
    handled += 1;
    for (const end = performance.now() + 1; performance.now() < end; );
    if (handled === 30) abort.abort(new Error('cancelled'));
  });
  await assert.rejects(working, /cancelled/);
  assert.ok(handled < 100, `${handled} were handled`);
});

test('pages hold every image once, in order, in whole rows', () => {
  const sizes = [1, 4, 3, 5, 260, 2, 2, 2, ...Array(1500).fill(1)];
  let id = 0;
  const groups = sizes.map((size, index) => ({
    identity: String(index),
    ids: Array.from({ length: size }, () => (id += 1)),
  }));
  const pages = paginate(groups);
  assert.deepEqual(
    pages.flatMap(({ pieces }) => pieces.flatMap(({ ids }) => ids)),
    groups.flatMap(({ ids }) => ids),
  );
  assert.ok(pages.length > 10);
  assert.equal(paginate(groups.slice(0, 8)).length, 1);
  // 1 and 4 beside each other, then 3, then 5, then the first hundred of 260.
  assert.deepEqual([pages[0].rows, pages[0].tileRows, pages[0].names], [4, 1 + 1 + 1 + 20, 4]);
  assert.deepEqual([pages[1].rows, pages[1].tileRows, pages[1].names], [1, 20, 0]);
  // The rest of 260, two pairs beside each other, a pair beside three single ones, and so on.
  assert.equal(pages[2].pieces[0].ids.length, 60);
  assert.deepEqual(paginate([]), []);
});
