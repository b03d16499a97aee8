#!/usr/bin/env node
/**
 * How long the first screen takes, from the click on a link to the sample's finished metrics.
 *
 *     node tests/bench/first-open.js [--device cpu|webgpu|auto] [--visits 5]
 *
 * The first visit fills the HTTP cache and is not counted; each further one is a new page of the same browser.
 */
import { parseArgs } from 'node:util';
import { start } from '../browser/helpers/page.js';

const { values } = parseArgs({
  options: { device: { type: 'string', default: 'cpu' }, visits: { type: 'string', default: '5' } },
});

/** What is waited for, in the order of its coming; functions that run in the page. */
const MOMENTS = {
  'images listed': () => document.querySelectorAll('.tile').length > 0,
  'model ready': () => document.querySelector('#model-button')?.getAttribute('data-status') === 'ready',
  'first ranked list': () => document.querySelector('#rank-list .rank-similarity') !== null,
  'finished metrics': () =>
    document.querySelector('#progress')?.getAttribute('data-phase') === 'idle' &&
    document.querySelector('[data-testid=metric-n]')?.textContent?.includes('96') &&
    !document.querySelector('.tile[data-status=waiting]'),
};

const host = await start({ maxAge: 600 });
const context = await host.browser.newContext({ viewport: { width: 1440, height: 900 } });
/** @type {Record<string, number[]>} milliseconds since the navigation began */
const times = {};
for (let visit = 0; visit <= Number(values.visits); visit += 1) {
  const page = await context.newPage();
  await page.goto(`${host.address}?device=${values.device}`, { waitUntil: 'commit' });
  await Promise.all(
    Object.entries(MOMENTS).map(async ([name, hasCome]) => {
      await page.waitForFunction(hasCome, null, { polling: 'raf', timeout: 120_000 });
      const time = await page.evaluate(() => performance.now());
      if (visit > 0) (times[name] ??= []).push(time);
    }),
  );
  if (visit === 0) {
    console.log(await page.getByTestId('device').innerText());
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
  }
  await page.close();
}
for (const [name, all] of Object.entries(times)) {
  const sorted = all.toSorted((a, b) => a - b);
  const [low, median, high] = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1) ?? 0].map((ms) =>
    (ms / 1000).toFixed(2),
  );
  console.log(`${name}: median ${median} s (${low} to ${high})`);
}
await host.close();
