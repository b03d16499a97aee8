/**
 * What goes wrong for a while in a run of 400 images: once it is over every image is embedded, and none was given up.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { drop, eventually, FLAGS, loadModel, open, problems, start } from '../helpers/page.js';
import { plainPng } from '../helpers/pictures.js';

const IMAGES = 400;
const QUERIES = 200;

/** What the server gives in place of its files. @type {Record<string, string>} */
const scripts = {};
/** @type {Awaited<ReturnType<typeof start>>} */
let host;
let folder = '';
before(async () => {
  host = await start({ scripts });
  folder = join(mkdtempSync(join(tmpdir(), 'reid-web-')), 'run');
  fill(folder);
});
after(async () => {
  await host.close();
  rmSync(join(folder, '..'), { recursive: true });
});

/** @param {string} into */
function fill(into) {
  for (let index = 0; index < IMAGES; index += 1) {
    const below = join(into, index < QUERIES ? 'query' : 'gallery', String(index % 20));
    mkdirSync(below, { recursive: true });
    writeFileSync(join(below, `${index}.png`), plainPng(300, 200, [index & 255, index >> 8, 100]));
  }
}

/** Takes the packages away, or gives them back. @param {boolean} areAway */
function takePackages(areAway) {
  const { pathname } = new URL(host.address);
  const asked = host.requests.filter((path) => path.includes('.wasm')).map((path) => path.slice(pathname.length));
  // A browser may try the other one of the CPU.
  const paths = asked.flatMap((path) =>
    ['cpu', 'cpu-relaxed'].map((name) => path.replace(/pkg\/[^/]+\//, `pkg/${name}/`)),
  );
  for (const path of paths)
    if (areAway) scripts[path] = '';
    else delete scripts[path];
}

/** @typedef {import('playwright-core').Page} Page */

/** A run that has begun. @param {string} [dropped] @param {Awaited<ReturnType<typeof start>>} [on] */
async function run(dropped = folder, on = host) {
  const page = await open(on);
  await loadModel(page);
  await drop(page, '[data-testid=drop-dataset]', [dropped]);
  await page
    .getByTestId('progress-text')
    .getByText(/Processing [1-9]\d* of 40\d/)
    .waitFor();
  return page;
}

/** How many tiles have each status. @param {Page} page @returns {Promise<Record<string, number>>} */
const statuses = (page) =>
  page.locator('.tile').evaluateAll((tiles) => {
    /** @type {Record<string, number>} */
    const found = {};
    for (const tile of /** @type {HTMLElement[]} */ (tiles))
      found[tile.dataset.status ?? ''] = (found[tile.dataset.status ?? ''] ?? 0) + 1;
    return found;
  });

/** @param {Page} page @param {number} [images] */
async function allEmbedded(page, images = IMAGES) {
  await page.waitForFunction((count) => document.querySelectorAll('.tile[data-status=done]').length === count, images, {
    timeout: 90_000,
  });
  assert.deepEqual(await statuses(page), { done: images });
  await page.waitForSelector('#progress[data-phase=idle]');
  await page.waitForSelector('#metrics[aria-busy=false], #metrics:not([aria-busy])');
  assert.match(await page.getByTestId('metric-n').innerText(), /n = 200 of 200 quer/);
}

/** Ends the workers of a script, as the browser does when memory is short. @param {Page} page @param {string} script */
async function kill(page, script) {
  for (const worker of page.workers().filter((one) => one.url().includes(script)))
    await worker.evaluate(() => self.close()).catch(() => {});
}

/** @param {Page} page */
const progress = (page) => page.getByTestId('progress-text');
const pause = (/** @type {number} */ milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

test('workers killed again and again', { timeout: 180_000 }, async () => {
  const page = await run();
  for (let time = 0; time < 6; time += 1) {
    await kill(page, 'encoder/worker.js');
    await pause(250);
  }
  await allEmbedded(page);
  await page.context().close();
});

test('the worker that ranks killed again and again', { timeout: 180_000 }, async () => {
  const page = await run();
  for (let time = 0; time < 6; time += 1) {
    await kill(page, 'matching/worker.js');
    await pause(300);
  }
  await allEmbedded(page);
  await page.context().close();
});

test('the package missing for a while: images wait, the page says for what, and Continue tries at once', {
  timeout: 180_000,
}, async () => {
  const page = await run();
  takePackages(true);
  await kill(page, 'encoder/worker.js');
  await progress(page)
    .getByText(/Waiting for a worker, \d+ of 400 images/)
    .waitFor();
  await pause(3000);
  const { done, waiting, ...others } = await statuses(page);
  assert.ok(waiting > 0 && done + waiting === IMAGES, JSON.stringify({ done, waiting }));
  assert.deepEqual(others, {});
  await eventually(async () =>
    assert.match(
      JSON.stringify(await problems(page)),
      /cannot be started .* The images wait; the page tries again after a pause. Press Continue to try at once/,
    ),
  );
  takePackages(false);
  await page.getByTestId('continue').click();
  await progress(page)
    .getByText(/Processing/)
    .waitFor({ timeout: 5000 });
  await allEmbedded(page);
  assert.doesNotMatch(JSON.stringify(await problems(page)), /cannot be started/);
  await page.context().close();
});

test('the GPU’s process killed in a run on WebGPU: the CPU goes on, and every image is embedded', {
  timeout: 300_000,
}, async () => {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  const page = await open({ ...host, browser }, { query: '?sample=none&device=webgpu' });
  const hasAdapter = await page.evaluate(async () =>
    Boolean(await /** @type {any} */ (navigator).gpu?.requestAdapter()),
  );
  if (!hasAdapter) await assert.rejects(loadModel(page), /this browser offers no WebGPU adapter/);
  else {
    await loadModel(page);
    await drop(page, '[data-testid=drop-dataset]', [folder]);
    await progress(page)
      .getByText(/Processing [1-9]\d* of 400/)
      .waitFor({ timeout: 120_000 });
    await (await browser.newBrowserCDPSession()).send('Browser.crashGpuProcess');
    await allEmbedded(page);
    assert.match(await page.locator('#device-button').innerText(), /CPU/);
  }
  await browser.close();
});

test('the network cut while workers are lost: no image is given up, and all of them are embedded when it is back', {
  timeout: 180_000,
}, async () => {
  const page = await run();
  await page.context().setOffline(true);
  await kill(page, 'worker.js');
  await pause(4000);
  const { done = 0, waiting = 0, ...others } = await statuses(page);
  assert.deepEqual([done + waiting, others], [IMAGES, {}]);
  await page.context().setOffline(false);
  await allEmbedded(page);
  await page.context().close();
});

test('storage that is full changes nothing', { timeout: 180_000 }, async () => {
  const page = await open(host);
  const devTools = await page.context().newCDPSession(page);
  await devTools.send('Storage.overrideQuotaForOrigin', { origin: new URL(host.address).origin, quotaSize: 1 });
  await loadModel(page);
  await drop(page, '[data-testid=drop-dataset]', [folder]);
  await allEmbedded(page);
  await page.context().close();
});

test('files that are changed or moved wait, are summed up, and come back when they are dropped again', {
  timeout: 180_000,
}, async () => {
  const own = join(folder, '..', 'changing');
  fill(own);
  const page = await run(own);
  // The gallery is embedded first; all of the queries wait still.
  const path = (/** @type {number} */ index) => join(own, 'query', String(index % 20), `${index}.png`);
  for (let index = 100; index < 130; index += 1) {
    writeFileSync(path(index), plainPng(310, 210, [index, 1, 2]));
    utimesSync(path(index), new Date(), new Date(Date.now() + 60_000));
  }
  for (let index = 130; index < 137; index += 1) renameSync(path(index), `${path(index)}.away`);
  await progress(page)
    .getByText(/363 images processed in .*, 37 images are waiting/)
    .waitFor({ timeout: 90_000 });
  assert.deepEqual(await statuses(page), { done: 363, waiting: 37 });
  const told = await problems(page);
  assert.equal(told.length, 1);
  assert.match(
    told[0].reason,
    /^37 files were changed or moved after they were chosen \(\d+\.png, \d+\.png and 35 more\)\. Drop them again, or press Continue once they are back in place\.$/,
  );

  for (let index = 130; index < 137; index += 1) renameSync(`${path(index)}.away`, path(index));
  await page.getByTestId('continue').click();
  await eventually(async () => assert.deepEqual(await statuses(page), { done: 370, waiting: 30 }));
  await eventually(async () => assert.match((await problems(page))[0].reason, /^30 files were changed/));

  await drop(page, '[data-testid=drop-dataset]', [own]);
  await allEmbedded(page);
  assert.deepEqual(await problems(page), []);
  await page.context().close();
});

test('a picture of 100 megapixels where memory is short waits; the others are embedded', {
  timeout: 240_000,
}, async () => {
  const small = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [...FLAGS, '--js-flags=--wasm-max-mem-pages=2400'],
  });
  const own = join(folder, '..', 'large');
  fill(own);
  writeFileSync(join(own, 'gallery', 'large.png'), plainPng(12_000, 8_200, [1, 2, 3]));
  const page = await run(own, { ...host, browser: small });
  await progress(page)
    .getByText(/400 images processed in .*, 1 image is waiting/)
    .waitFor({ timeout: 200_000 });
  assert.deepEqual(await statuses(page), { done: IMAGES, waiting: 1 });
  assert.match(
    JSON.stringify(await problems(page)),
    /gallery\/large\.png.*This image is waiting because two workers were lost while working on it/,
  );
  assert.ok(await page.getByTestId('continue').isVisible());
  await small.close();
});

test('an image that cannot be read is told as before, beside one that waits', { timeout: 60_000 }, async () => {
  const own = join(folder, '..', 'broken');
  mkdirSync(join(own, 'query'), { recursive: true });
  writeFileSync(join(own, 'query', 'good.png'), plainPng(20, 20, [1, 2, 3]));
  writeFileSync(join(own, 'query', 'cut.png'), readFileSync(join(own, 'query', 'good.png')).subarray(0, 40));
  const page = await open(host);
  await loadModel(page);
  await drop(page, '[data-testid=drop-dataset]', [own]);
  await progress(page)
    .getByText(/1 image processed.*, 1 could not be read/)
    .waitFor();
  assert.deepEqual(await statuses(page), { done: 1, failed: 1 });
  await page.context().close();
});
