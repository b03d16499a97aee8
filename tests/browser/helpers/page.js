/**
 * The page in a real Chromium: serves www/, opens it, does to it what a person does, reads what it shows.
 *
 * Folders are dropped through the DevTools protocol, as the operating system hands them over.
 */
import assert from 'node:assert/strict';
import { chromium } from 'playwright-core';
import { eventually, fixture, MODEL, serve } from './site.js';

export { eventually, fixture, MODEL };
export const FLAGS = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan,WebGPU',
];

/**
 * Starts a server and a browser for the tests of one file, which `close` ends.
 *
 * @param {Parameters<typeof serve>[0]} [options]
 */
export async function start(options) {
  const { address, requests, cut } = await serve(options);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  const close = async () => {
    await browser.close();
    cut();
  };
  return { browser, requests, address, cut, close };
}

/**
 * A fresh visit. Whatever the page writes to the console as an error fails the test that reads `errors`.
 *
 * @param {Awaited<ReturnType<typeof start>>} host
 * @param {{query?: string, context?: import('playwright-core').BrowserContextOptions,
 *   before?: (page: import('playwright-core').Page) => Promise<void>, waitUntil?: 'commit'}} [options]
 */
export async function open(
  { browser, address },
  { query = '?sample=none&device=cpu', context: settings = {}, before, waitUntil } = {},
) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...settings });
  const page = await context.newPage();
  /** @type {string[]} */
  const errors = [];
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await before?.(page);
  await page.goto(address + query, { waitUntil });
  return Object.assign(page, { errors });
}

/**
 * Drops files and folders of the disk on an element.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} selector
 * @param {string[]} files
 */
export async function drop(page, selector, files) {
  const box = await page.locator(selector).boundingBox();
  if (!box) throw new Error(`${selector} is not visible`);
  const place = { x: box.x + Math.min(box.width, 120) / 2, y: box.y + Math.min(box.height, 60) / 2 };
  const devTools = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of /** @type {const} */ (['dragEnter', 'dragOver', 'drop'])) {
    await devTools.send('Input.dispatchDragEvent', { type, ...place, data });
  }
  await devTools.detach();
}

/**
 * Loads a model and waits until it is in use.
 *
 * @param {import('playwright-core').Page} page
 * @param {string[]} [files]
 */
export async function loadModel(page, files = MODEL) {
  // The state of a model in use is none of the one that is loaded now.
  await page.locator('#model-button').evaluate((button) => button.setAttribute('data-status', 'asked'));
  await page.getByTestId('input-model').setInputFiles(files);
  await page.waitForSelector('#model-button[data-status=ready], #model-button[data-status=failed]', {
    timeout: 180_000,
  });
  if (await page.locator('#model-button[data-status=failed]').count()) {
    throw new Error(await page.locator('#model-card .model-failed').innerText());
  }
}

/**
 * A visit with the tiny model and the images of tests/fixtures/page/folders, embedded.
 *
 * @param {Awaited<ReturnType<typeof start>>} host
 */
export async function openFolders(host) {
  const page = await open(host);
  await loadModel(page);
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await embedded(page, 35);
  return page;
}

/**
 * Waits until everything that was dropped is embedded and evaluated.
 *
 * @param {import('playwright-core').Page} page
 * @param {number} images  expected in both lists, failed ones included
 * @param {number} [timeout]  in milliseconds
 */
export async function embedded(page, images, timeout = 120_000) {
  await page.waitForFunction(
    (count) => {
      const shown = [...document.querySelectorAll('.zone-set .zone-count')].map((one) => Number(one.textContent));
      const isIdle = document.querySelector('#progress')?.getAttribute('data-phase') === 'idle';
      const isEvaluated = !document.querySelector('#metrics[aria-busy=true]');
      return (
        shown.reduce((sum, one) => sum + one, 0) === count &&
        isIdle &&
        isEvaluated &&
        !document.querySelector('.tile[data-status=waiting]')
      );
    },
    images,
    { timeout },
  );
}

/**
 * What the page says of all queries.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<Record<string, number | null>>}
 */
export async function metrics(page) {
  const value = async (/** @type {string} */ name) => {
    const text = await page.getByTestId(`metric-${name}`).getAttribute('data-value');
    return text ? Number(text) : null;
  };
  const names = ['rank-1', 'rank-5', 'rank-10', 'map', 'map-trapezoidal'];
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await value(name)])));
}

/**
 * The text of the file that a button saves.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} what   the button's data-export
 */
export async function saved(page, what) {
  const [file] = await savedFiles(page, what, 1);
  return file.bytes.toString();
}

/**
 * The files that a button saves, in order.
 *
 * @param {import('playwright-core').Page} page
 * @param {string} what   the button's data-export
 * @param {number} count  of them
 */
export async function savedFiles(page, what, count) {
  /** @type {import('playwright-core').Download[]} */
  const downloads = [];
  const note = (/** @type {import('playwright-core').Download} */ download) => downloads.push(download);
  page.on('download', note);
  await page.click(`[data-export=${what}]`);
  await eventually(async () => assert.equal(downloads.length, count));
  page.off('download', note);
  return Promise.all(
    downloads.map(async (download) => {
      const chunks = [];
      for await (const chunk of await download.createReadStream()) chunks.push(chunk);
      return { name: download.suggestedFilename(), bytes: Buffer.concat(chunks) };
    }),
  );
}

/**
 * File and reason of everything in the list of problems.
 *
 * @param {import('playwright-core').Page} page
 * @returns {Promise<{file: string, reason: string}[]>}
 */
export async function problems(page) {
  for (const toggle of await page.locator('.problems-toggle[aria-expanded=false]:visible').all()) await toggle.click();
  return page.locator('.problem').evaluateAll((rows) =>
    rows.map((row) => ({
      file: row.querySelector('.problem-file')?.textContent ?? '',
      reason: row.querySelector('.problem-reason')?.textContent ?? '',
    })),
  );
}
