#!/usr/bin/env node
/**
 * Embeds a folder in the page and says how long it took and how much memory the tab had at most.
 *
 *     node tests/bench/folder.js MODEL_FOLDER [IMAGES_FOLDER] [--device cpu|webgpu] [--save embeddings.json]
 *
 * The memory is the peak resident set of the renderer, workers included, and of the browser's GPU process, as Linux
 * accounts them. Without images the model is loaded and checked, no more.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { drop, embedded, loadModel, open, saved, start } from '../browser/helpers/page.js';

const {
  values: { device, save },
  positionals,
} = parseArgs({
  allowPositionals: true,
  options: { device: { type: 'string', default: 'cpu' }, save: { type: 'string' } },
});
const [model, images = null] = positionals.map((path) => resolve(path));

const host = await start();
const page = await open(host, { query: `?sample=none&device=${device}` });
page.setDefaultTimeout(0);
const devTools = await host.browser.newBrowserCDPSession();
const { processInfo } = await devTools.send('SystemInfo.getProcessInfo');

/** Peak resident sets in MB. */
function peak() {
  const ofType = (/** @type {string} */ type) =>
    Math.max(
      0,
      ...processInfo
        .filter((one) => one.type === type)
        .map(({ id }) => {
          const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${id}/status`, 'utf8')) ?? [];
          return Math.round((Number(kilobytes) * 1024) / 1e6);
        }),
    );
  return `${ofType('renderer')} MB (GPU process ${ofType('GPU')} MB)`;
}

console.log(`empty page: ${peak()}`);
const files = readdirSync(model).filter((name) => /^(config|preprocessor_config)\.json$|\.safetensors$/.test(name));
const begin = performance.now();
await loadModel(
  page,
  files.map((name) => join(model, name)),
);
console.log(
  `model loaded in ${((performance.now() - begin) / 1000).toFixed(1)} s, ${await page.getByTestId('device').innerText()}, peak ${peak()}`,
);

if (images) await embedFolder(images);
await host.close();

/** @param {string} folder */
async function embedFolder(folder) {
  await page.evaluate(() => {
    const tasks = /** @type {number[]} */ ([]);
    Object.assign(window, { tasks });
    new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
    });
  });
  const begin = performance.now();
  await drop(page, 'main', [folder]);
  await page.waitForFunction(() => document.querySelector('#progress')?.getAttribute('data-phase') === 'embedding');
  const counts = await page.locator('.zone-set .zone-count').allInnerTexts();
  await embedded(
    page,
    counts.reduce((sum, text) => sum + Number(text.replaceAll(',', '')), 0),
    0,
  );
  console.log(
    `${counts.join(' + ')} images: ${await page.getByTestId('progress-text').innerText()} (${((performance.now() - begin) / 1000).toFixed(1)} s in all), peak ${peak()}`,
  );
  const tasks = await page.evaluate(() => /** @type {any} */ (window).tasks);
  console.log(`longest task of the main thread: ${tasks.length ? `${Math.max(...tasks)} ms` : 'below 50 ms'}`);
  for (const name of ['rank-1', 'rank-5', 'rank-10', 'map', 'map-trapezoidal']) {
    console.log(`${name}: ${await page.getByTestId(`metric-${name}`).innerText()}`);
  }
  if (save) writeFileSync(save, await saved(page, 'embeddings'));
}
