/** 8-bit weights on a person's pictures: compared as they come, and given up for all of them. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { embedded, fixture, loadModel, MODEL, open, problems, saved, start } from '../helpers/page.js';

const RARE = ['config.json', 'model.safetensors'].map((name) => fixture(`eight-bits/${name}`));
const PICTURES = 36;

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
before(async () => {
  host = await start();
});
after(() => host.close());

/** A visit with the pictures, embedded in F32. @param {string[]} model */
async function openPictures(model) {
  const page = await open(host);
  await loadModel(page, model);
  await page.getByTestId('input-dataset').setInputFiles(fixture('eight-bits/query'));
  await embedded(page, PICTURES);
  return page;
}

/** @param {import('playwright-core').Page} page @param {'i8' | 'f32'} value */
async function choose(page, value) {
  await page.locator('#model-button').click();
  await page.locator('.assumption select[data-field=arithmetic]').selectOption(value);
  await page.keyboard.press('Escape');
}

/** @param {import('playwright-core').Page} page */
const arithmetic = (page) => page.locator('.assumption', { hasText: 'CPU precision' });

/** @param {import('playwright-core').Page} page */
const images = async (page) => JSON.parse(await saved(page, 'embeddings')).images;

test('pictures that 8 bits change too much are all embedded in F32, and a notice says so', async () => {
  const page = await openPictures(RARE);
  const exact = await images(page);
  await choose(page, 'i8');
  const sentence =
    /8-bit changed some of your pictures too much \(cosine 0\.9\d+ for \d\d\.png\); all pictures are processed in F32 instead\./;
  await page.getByTestId('notice').getByText(sentence).waitFor();
  await page.waitForSelector('#model-button[data-status=ready]');
  await embedded(page, PICTURES);
  assert.deepEqual(await images(page), exact);
  await page.locator('#model-button').click();
  await arithmetic(page).getByText(sentence).waitFor();
  assert.equal(await arithmetic(page).locator('select').inputValue(), 'f32');
  assert.deepEqual(await problems(page), []);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('pictures that 8 bits hardly change keep them, and how many were compared is said', async () => {
  const page = await openPictures(MODEL);
  const exact = await images(page);
  await choose(page, 'i8');
  await arithmetic(page)
    .getByText(/\d\d of 36 pictures were compared with F32: the lowest cosine is 0\.999\d* \(\d\d\.png\)\./)
    .waitFor({ state: 'attached' });
  await embedded(page, PICTURES);
  for (const [index, { embedding }] of (await images(page)).entries()) {
    const cosine = embedding.reduce(
      (/** @type {number} */ sum, /** @type {number} */ value, /** @type {number} */ at) =>
        sum + value * exact[index].embedding[at],
      0,
    );
    assert.ok(cosine >= 0.999 && cosine < 1 - 1e-7, `${index}: ${cosine}`);
  }
  await page.locator('#model-button').click();
  await page.getByText('8-bit weights, 16-bit activations').waitFor();
  await page.keyboard.press('Escape');
  await choose(page, 'f32');
  await page.getByText('8-bit weights, 16-bit activations').waitFor({ state: 'detached' });
  await page.waitForSelector('#model-button[data-status=ready]');
  await embedded(page, PICTURES);
  assert.deepEqual(await images(page), exact);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
