/** The first screen: the bundled encoder, the sample, the tour, one's own images in its place, no network. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { drop, embedded, eventually, fixture, loadModel, metrics, open, saved, start } from '../helpers/page.js';

const IMAGES = 120;
/** The mean of 1/rank if the 24 gallery images come in any order. */
const CHANCE = Array.from({ length: 24 }, (_, index) => 1 / (index + 1)).reduce((sum, value) => sum + value) / 24;

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
before(async () => {
  host = await start();
});
after(() => host.close());

/** @param {import('playwright-core').BrowserContextOptions} [context] */
async function firstOpen(context) {
  const page = await open(host, { query: '?device=cpu', context });
  await embedded(page, IMAGES);
  await page.getByTestId('metric-n').getByText('n = 96 of 96 queries').waitFor();
  return page;
}

test('the page opens with the sample embedded, as Python embeds it', async () => {
  const page = await firstOpen();
  assert.match(await page.getByTestId('model-name').innerText(), /^Drawn hands/);
  assert.match(await page.locator('#sample').innerText(), /24 computer-drawn hands.*only ever seen drawn hands/s);
  assert.equal(await page.locator('#model-card').isVisible(), false);
  const reference = JSON.parse(readFileSync(fixture('sample/embeddings.json'), 'utf8'));
  const { images } = JSON.parse(await saved(page, 'embeddings'));
  assert.equal(images.length, IMAGES);
  for (const { path, embedding } of images) {
    const cosine = embedding.reduce(
      (/** @type {number} */ sum, /** @type {number} */ value, /** @type {number} */ index) =>
        sum + value * reference[path][index],
      0,
    );
    assert.ok(cosine >= 0.99999, `${path}: cosine ${cosine}`);
  }
  const { map } = await metrics(page);
  assert.ok(map !== null && map > 2 * CHANCE, `mAP ${map}`);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

for (const [pattern, hold] of [
  ['**/*.wasm', 3000],
  ['**/samples/hands/index.json', 1500],
  ['**/samples/hands/query0/**', 1500],
  ['**/session/session.js', 1000],
  ['', 0],
]) {
  for (const [set, wait] of /** @type {const} */ ([
    ['dataset', 0],
    ['query', 700],
  ])) {
    test(`images chosen in the ${set} after ${wait} ms are alone: ${pattern || 'nothing'} comes ${hold} ms late`, async () => {
      const before = async (/** @type {import('playwright-core').Page} */ one) => {
        if (pattern)
          await one.route(
            String(pattern),
            (route) => void setTimeout(() => route.continue().catch(() => {}), Number(hold)),
          );
      };
      const page = await open(host, {
        query: '?device=cpu',
        context: { serviceWorkers: 'block' },
        before,
        waitUntil: 'commit',
      });
      await new Promise((resolve) => setTimeout(resolve, wait));
      await page
        .getByTestId(`input-${set}`)
        .setInputFiles(set === 'dataset' ? fixture('page/folders') : [fixture('page/folders/query0/0000002/1.png')]);
      const [query, gallery] = set === 'dataset' ? [27, 8] : [1, 0];
      const shown = () => Promise.all(['query', 'gallery'].map((one) => page.locator(`#${one}-list .tile`).count()));
      await embedded(page, query + gallery);
      await new Promise((resolve) => setTimeout(resolve, Number(hold)));
      assert.deepEqual(await shown(), [query, gallery]);
      assert.equal(await page.locator('#sample').isVisible(), false);
      assert.match(
        await page.locator('.notice-text').innerText(),
        set === 'dataset' ? /^27 query and 8 gallery/ : /^1 query image/,
      );
      assert.deepEqual(page.errors, []);
      await page.context().close();
    });
  }
}

for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]) {
  test(`the tour points at the thing itself at every step: ${viewport.width} pixels`, async () => {
    const page = await firstOpen({ viewport });
    await page.getByRole('button', { name: 'What am I seeing?' }).click();
    const titles = [];
    for (;;) {
      titles.push(await page.locator('.tour-title').innerText());
      const { isInView, text } = await page.evaluate(() => {
        const [target, ...others] = document.querySelectorAll('.toured');
        const { top, bottom, left, right } = target.getBoundingClientRect();
        return {
          isInView: others.length === 0 && bottom > 0 && top < innerHeight && right > 0 && left < innerWidth,
          text: document.querySelector('.tour-text')?.textContent ?? '',
        };
      });
      assert.ok(isInView, titles.at(-1));
      assert.doesNotMatch(text, /–|undefined|NaN/);
      if ((await page.locator('.tour-next').innerText()) === 'Done') break;
      await page.keyboard.press('ArrowRight');
    }
    assert.equal(titles.length, 10);
    for (const word of ['query', 'gallery', 'embedding', 'Similarity', 'rank list', 'Rank-1', 'AP', 'mAP']) {
      assert.ok(
        titles.some((title) => title.includes(word)),
        `${word} is not explained: ${titles}`,
      );
    }
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('.toured').count(), 0);
    assert.equal(await page.evaluate(() => document.activeElement?.className), 'tour-start');
    await page.context().close();
  });
}

test('one click puts the sample away, another brings it back', async () => {
  const page = await firstOpen();
  await page.getByRole('button', { name: 'Use my own pictures' }).click();
  await eventually(async () => assert.equal(await page.locator('.tile').count(), 0));
  assert.match(await page.locator('#model-card').innerText(), /trained on drawn hands only/);
  await page.getByRole('button', { name: 'Show the sample' }).click();
  await embedded(page, IMAGES);
  assert.equal(await page.locator('#sample').isVisible(), true);
  await page.context().close();
});

test('dropped images take the place of the sample; the page says that the encoder does not know them', async () => {
  const page = await firstOpen();
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await embedded(page, 35);
  assert.equal(await page.locator('#sample').isVisible(), false);
  assert.match(await page.locator('#model-card').innerText(), /even photos of real hands/);
  await loadModel(page);
  await embedded(page, 35);
  assert.equal(await page.locator('#model-card').isVisible(), false);
  await page.context().close();
});

test('a model of one’s own embeds the sample again', async () => {
  const page = await firstOpen();
  await loadModel(page);
  await embedded(page, IMAGES);
  assert.equal(await page.locator('#sample').isVisible(), true);
  assert.doesNotMatch(await page.getByTestId('model-name').innerText(), /Drawn hands/);
  await page.context().close();
});

test('the second sample has cameras and queries without a match', async () => {
  const page = await firstOpen();
  await page.getByRole('combobox', { name: 'Sample' }).selectOption('market');
  await embedded(page, 26);
  await eventually(async () => assert.equal(await page.getByTestId('unmatched-count').innerText(), '2'));
  assert.match(await page.getByTestId('notice').innerText(), /3 cameras/);
  await page.context().close();
});

test('without the server, after a first visit, the page opens as before', async () => {
  const own = await start();
  try {
    const page = await open(own, { query: '?device=cpu' });
    await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    own.cut();
    await page.reload();
    await embedded(page, IMAGES);
    await eventually(async () => {
      const { map } = await metrics(page);
      assert.ok(map !== null && map > CHANCE);
    });
  } finally {
    await own.browser.close();
  }
});
