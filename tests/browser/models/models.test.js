/** Models as people have them: files of several layouts and containers, with and without a configuration. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { correct, embeddings, IMAGES } from '../helpers/model.js';
import { drop, fixture, loadModel, open, start } from '../helpers/page.js';

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
before(async () => {
  host = await start();
});
after(() => host.close());

/** @param {import('playwright-core').Page} page */
async function assumptions(page) {
  const selects = await page.locator('.assumption select').all();
  return Object.fromEntries(
    await Promise.all(
      selects.map(async (select) => [await select.getAttribute('data-field'), await select.inputValue()]),
    ),
  );
}

test('a tower has the same embeddings in every layout', async () => {
  const page = await open(host);
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await loadModel(
    page,
    ['config.json', 'model.safetensors'].map((name) => fixture(`clip/one-head/${name}`)),
  );
  const expected = await embeddings(page);
  assert.equal(expected.length, IMAGES);
  await loadModel(page, [fixture('layouts/one-head/model.safetensors')]);
  assert.deepEqual(await embeddings(page), expected);
  await page.context().close();
});

test('weights alone load, and what is assumed of them can be corrected', async () => {
  const page = await open(host);
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await page.locator('.tile').first().waitFor();
  await drop(page, 'main', [fixture('layouts/openai/model.pt')]);
  await page.waitForSelector('#model-button[data-status=ready]');
  const openai = await embeddings(page);
  assert.deepEqual(await assumptions(page), {
    activation: 'quick_gelu',
    heads: '1',
    image_size: '48x48',
    resize: 'shortest',
    mean_std: 'clip',
    arithmetic: 'f32',
    augmentation: 'none',
  });
  await correct(page, 'activation', 'gelu');
  assert.notDeepEqual(await embeddings(page), openai);

  await loadModel(page, [fixture('layouts/clip-reid/model.pth')]);
  assert.deepEqual(await assumptions(page), {
    activation: 'quick_gelu',
    heads: '1',
    stride: '16',
    image_size: '48x48',
    resize: 'squash',
    mean_std: 'half',
    arithmetic: 'f32',
    augmentation: 'none',
  });
  await correct(page, 'resize', 'shortest');
  await correct(page, 'mean_std', 'clip');
  assert.deepEqual(await embeddings(page), openai);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a configuration of OpenCLIP leaves only size, arithmetic and augmentation to be chosen', async () => {
  const page = await open(host);
  await drop(
    page,
    'main',
    ['config.json', 'model.safetensors'].map((name) => fixture(`layouts/openclip/${name}`)),
  );
  await page.waitForSelector('#model-button[data-status=ready]');
  await page.locator('#model-button').click();
  await page.getByText('stretched to 24 × 24').waitFor();
  assert.deepEqual(await assumptions(page), { image_size: '24x24', arithmetic: 'f32', augmentation: 'none' });
  await page.context().close();
});

test('a model for persons takes images twice as high as wide, and other sizes by interpolation', async () => {
  const page = await open(host);
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await loadModel(page, [fixture('layouts/rectangle/model.pth')]);
  const own = await embeddings(page);
  assert.equal((await assumptions(page)).image_size, '48x24');
  await page.locator('#model-button').click();
  await page.getByText('stretched to 24 × 48').waitFor();
  await page.keyboard.press('Escape');
  await correct(page, 'image_size', '256x128');
  assert.notDeepEqual(await embeddings(page), own);
  await page.locator('#model-button').click();
  await page.getByText('stretched to 128 × 256').waitFor();
  await page.keyboard.press('Escape');
  await correct(page, 'image_size', '48x24');
  assert.deepEqual(await embeddings(page), own);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('the embedding behind the batch norms is taken, another can be', async () => {
  const page = await open(host);
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await loadModel(page, [fixture('layouts/handid/model.pth')]);
  const neck = await embeddings(page);
  assert.equal((await assumptions(page)).feature, 'neck');
  assert.equal(neck[0].length, 64 + 32);
  await correct(page, 'feature', 'projection');
  assert.equal((await embeddings(page))[0].length, 32);
  await page.context().close();
});

test('a configuration without weights, or with two files of them, is an error that says so', async () => {
  const page = await open(host);
  const [config, weights] = ['config.json', 'model.safetensors'].map((name) => fixture(`clip/quick-gelu/${name}`));
  await page.getByTestId('input-model').setInputFiles([config]);
  await page.getByRole('alert').getByText('no file with the weights').waitFor();
  await page.getByTestId('input-model').setInputFiles([weights, fixture('layouts/openai/model.pt')]);
  await page.getByRole('alert').getByText('load one model at a time').waitFor();
  await loadModel(page, [config, weights]);
  assert.equal(await page.locator('#model-card').isVisible(), false);
  await page.context().close();
});
