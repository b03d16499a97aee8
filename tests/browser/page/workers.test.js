/** Long runs: progress, cancelling, and workers that die. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  drop,
  embedded,
  eventually,
  fixture,
  loadModel,
  metrics,
  open,
  openFolders,
  problems,
  saved,
  start,
} from '../helpers/page.js';
import { plainPng } from '../helpers/pictures.js';
import { mainThreadTasks } from '../helpers/tasks.js';

const EXPECTED = JSON.parse(readFileSync(fixture('page/expected.json'), 'utf8')).folders;
const QUERIES = 58;
const IMAGES = QUERIES + 2;

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
/** A data set that takes seconds: large pictures. */
let slow = '';
before(async () => {
  host = await start();
  slow = join(mkdtempSync(join(tmpdir(), 'reid-web-')), 'slow');
  for (let index = 0; index < IMAGES; index += 1) {
    const folder = join(slow, index < 2 ? 'gallery' : 'query', String(index % 2));
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `${index}.png`), plainPng(2400, 1800, [index * 4, 255 - index * 4, 100]));
  }
});
after(async () => {
  await host.close();
  rmSync(join(slow, '..'), { recursive: true });
});

/**
 * Ends the workers of a script as if the browser had run out of memory.
 * @param {import('playwright-core').Page} page
 * @param {string} script
 */
async function kill(page, script) {
  const workers = page.workers().filter((worker) => worker.url().endsWith(script));
  assert.ok(workers.length > 0, `no worker runs ${script}`);
  for (const worker of workers) await worker.evaluate(() => self.close()).catch(() => {});
}

test('progress counts up; results are there before the last image; cancelling stops, continuing ends the run', async () => {
  const page = await open(host);
  await loadModel(page);
  await drop(page, '[data-testid=drop-dataset]', [slow]);
  const text = page.getByTestId('progress-text');
  // In the page, because the run may be over before an answer of the driver is here.
  const told = await page.evaluate(
    () =>
      new Promise((resolve) => {
        const read = (/** @type {string} */ id) =>
          /** @type {HTMLElement} */ (document.querySelector(`[data-testid=${id}]`)).innerText;
        const look = () => {
          const [progress, number] = [read('progress-text'), read('metric-n')];
          if (
            !/Processing \d+ of 60 images, .* images\/s, \d+ s left/.test(progress) ||
            !/n = \d+ of \d+ quer/.test(number)
          )
            return;
          watch.disconnect();
          /** @type {HTMLElement} */ (document.querySelector('[data-testid=cancel]')).click();
          resolve({ progress, number });
        };
        const watch = new MutationObserver(look);
        watch.observe(document.body, { subtree: true, childList: true, characterData: true });
      }),
  );
  const halfWay = Number(/n = (\d+)/.exec(told.number)?.[1]);
  assert.ok(halfWay < QUERIES, `${halfWay} queries were evaluated`);
  await text.getByText(/Stopped at \d+ of 60 images/).waitFor();
  // The tiles are drawn in the frame after the text.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  const stopped = await page.locator('.tile[data-status=waiting]').count();
  assert.ok(stopped > 0);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.equal(await page.locator('.tile[data-status=waiting]').count(), stopped, 'it goes on after cancelling');

  await page.getByTestId('continue').click();
  await embedded(page, IMAGES);
  await eventually(async () =>
    assert.equal(await page.getByTestId('metric-n').innerText(), `n = ${QUERIES} of ${QUERIES} queries`),
  );
  assert.deepEqual(await problems(page), []);
  await page.context().close();
});

test('workers killed in mid-run are replaced, and no image is lost', async () => {
  const page = await open(host);
  await loadModel(page);
  await drop(page, '[data-testid=drop-dataset]', [slow]);
  await page
    .getByTestId('progress-text')
    .getByText(/Processing ([2-9]|[123]\d) of 60/)
    .waitFor();
  await kill(page, 'encoder/worker.js');
  await embedded(page, IMAGES);
  assert.equal(await page.locator('.tile[data-status=done]').count(), IMAGES);
  const told = await problems(page);
  assert.ok(
    told.length > 0 && told.every(({ reason }) => reason.includes('was lost and has been replaced')),
    JSON.stringify(told),
  );
  await page.context().close();
});

test('a ranking worker that is killed is replaced with all embeddings', async () => {
  const page = await openFolders(host);
  await kill(page, 'matching/worker.js');
  await eventually(async () =>
    assert.match(JSON.stringify(await problems(page)), /worker that ranks was lost and has been replaced/),
  );
  await page.selectOption('#unmatched', 'zero');
  await eventually(async () => assert.equal((await metrics(page)).map, EXPECTED.zero.meanAveragePrecision));
  assert.equal((await saved(page, 'scores')).trim().split('\n').length, 1 + 27 * 8);
  await page.context().close();
});

test('the main thread is never busy for 100 ms while images are embedded', async () => {
  const page = await open(host);
  await loadModel(page);
  const tasks = await mainThreadTasks(host.browser, async () => {
    await drop(page, '[data-testid=drop-dataset]', [slow]);
    await embedded(page, IMAGES);
  });
  assert.ok(tasks.length > 100, `${tasks.length} tasks`);
  const longest = Math.max(...tasks);
  assert.ok(longest < 100, `${longest} ms`);
  await page.context().close();
});

test('a worker that has grown by a large picture is replaced when it is idle', { timeout: 120_000 }, async () => {
  const page = await open(host);
  await loadModel(page);
  const workers = () => page.workers().filter((worker) => worker.url().includes('encoder/worker.js'));
  const before = workers().length;
  let ended = 0;
  for (const worker of workers()) worker.on('close', () => (ended += 1));
  const picture = (/** @type {string} */ name, /** @type {number} */ side) => ({
    name,
    mimeType: 'image/png',
    buffer: plainPng(side, side, [1, 2, side & 255]),
  });
  await page.getByTestId('input-query').setInputFiles([picture('large.png', 9500), picture('small.png', 40)]);
  await embedded(page, 2);
  assert.equal(await page.locator('.tile[data-status=done]').count(), 2);
  await eventually(async () => assert.deepEqual([ended, workers().length], [1, before]));
  assert.deepEqual(await problems(page), []);
  await page.context().close();
});
