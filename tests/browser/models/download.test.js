/** Models from a hub: which bytes are fetched, what interrupts it, what is kept. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { fileOf, madeUp, startHub, textFile } from '../helpers/hub.js';
import { drop, embedded, fixture, loadModel, open, saved, start } from '../helpers/page.js';

const TINY = 'wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M';
const FOLDER = `/${TINY}/resolve/main`;
const MODEL = fixture('clip/quick-gelu');
const LAION = '/laion/CLIP-ViT-B-32-laion2B-s34B-b79K/resolve/main';

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
/** @type {Awaited<ReturnType<typeof startHub>>} */
let hub;
/** @type {Awaited<ReturnType<typeof open>>} */
let page;

before(async () => {
  host = await start();
});
after(() => host.close());
beforeEach(async () => {
  hub = await startHub({
    [`${FOLDER}/model.safetensors`]: fileOf(`${MODEL}/model.safetensors`),
    [`${FOLDER}/config.json`]: fileOf(`${MODEL}/config.json`),
  });
  page = await open(host, { query: `?sample=none&device=cpu&hub=${hub.address}` });
});
afterEach(async () => {
  await page.context().close();
  hub.close();
});

/** @param {string} [name] */
const row = (name = 'TinyCLIP ViT-8M/16') => page.locator('.model-row', { hasText: name });

/** Opens the list, and allows the hub on the first time. */
async function openModels(on = /** @type {import('playwright-core').Page} */ (page)) {
  await on.locator('#model-card .models-open').click();
  if (await on.locator('.model-hub-allow').isVisible()) await on.locator('.model-hub-allow').click();
}

async function isReady() {
  await page.waitForSelector('#model-button[data-status=ready]', { timeout: 120_000 });
}

/** The weights of both towers and the numbers of a checkpoint of the shape of LAION's ViT-B/32. */
function laion() {
  /** @type {[string, number[]][]} */
  const tensors = [['logit_scale', []]];
  const block = (/** @type {string} */ at, /** @type {number} */ width) => {
    const parts = [
      ['layer_norm1', [width]],
      ['layer_norm2', [width]],
      ['mlp.fc1', [4 * width, width]],
      ['mlp.fc2', [width, 4 * width]],
    ];
    for (const proj of ['k', 'out', 'q', 'v']) parts.push([`self_attn.${proj}_proj`, [width, width]]);
    for (const [part, shape] of /** @type {[string, number[]][]} */ (parts)) {
      tensors.push([`${at}.${part}.bias`, [shape[0]]], [`${at}.${part}.weight`, shape]);
    }
  };
  tensors.push(
    ['text_model.embeddings.position_embedding.weight', [77, 512]],
    ['text_model.embeddings.token_embedding.weight', [49_408, 512]],
  );
  for (let layer = 0; layer < 12; layer += 1) block(`text_model.encoder.layers.${layer}`, 512);
  tensors.push(
    ['text_model.final_layer_norm.bias', [512]],
    ['text_model.final_layer_norm.weight', [512]],
    ['text_projection.weight', [512, 512]],
  );
  tensors.push(
    ['vision_model.embeddings.class_embedding', [768]],
    ['vision_model.embeddings.patch_embedding.weight', [768, 3, 32, 32]],
    ['vision_model.embeddings.position_embedding.weight', [50, 768]],
  );
  for (let layer = 0; layer < 12; layer += 1) block(`vision_model.encoder.layers.${layer}`, 768);
  for (const norm of ['post_layernorm', 'pre_layrnorm'])
    tensors.push([`vision_model.${norm}.bias`, [768]], [`vision_model.${norm}.weight`, [768]]);
  tensors.push(['visual_projection.weight', [512, 768]]);
  return madeUp(tensors);
}

function addLaion() {
  hub.files[`${LAION}/model.safetensors`] = laion();
  hub.files[`${LAION}/config.json`] = textFile(
    JSON.stringify({ model_type: 'clip', projection_dim: 512, vision_config: { hidden_act: 'gelu' } }),
  );
}

test('a model of the catalogue is fetched, used, kept for the next visit and deleted', async () => {
  await openModels();
  await row().getByRole('button', { name: 'Download' }).click();
  await isReady();
  assert.match(await page.getByTestId('model-name').innerText(), /wkcn\/TinyCLIP-ViT-8M/);
  assert.equal(hub.counts.preflights, 0);
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await embedded(page, 35);
  const fetched = JSON.parse(await saved(page, 'embeddings')).images;
  await loadModel(page);
  await embedded(page, 35);
  assert.deepEqual(JSON.parse(await saved(page, 'embeddings')).images, fetched);

  hub.close();
  await page.reload();
  await openModels();
  await row().getByRole('button', { name: 'Use', exact: true }).click();
  await isReady();
  await page.locator('#model-button').click();
  await page.locator('#model-facts .models-open').click();
  await row().getByText('in use').waitFor();
  assert.equal(await row().getByRole('button', { name: 'Delete' }).count(), 0, 'the model in use can be deleted');
  await page.reload();
  await openModels();
  await row().getByRole('button', { name: 'Delete' }).click();
  await row().getByRole('button', { name: 'Download' }).waitFor();
  assert.deepEqual(await stored(), []);
});

test('the processor_config.json of transformers 5 is fetched, and says what to do with the pixels', async () => {
  const settings = { size: { height: 32, width: 32 }, do_center_crop: false };
  hub.files[`${FOLDER}/processor_config.json`] = textFile(
    JSON.stringify({ image_processor: settings, processor_class: 'CLIPProcessor' }),
  );
  hub.files[`${FOLDER}/preprocessor_config.json`] = textFile(JSON.stringify({ size: 32, crop_size: 32 }));
  await openModels();
  await row().getByRole('button', { name: 'Download' }).click();
  await isReady();
  await page.locator('#model-button').click();
  await page.getByText('stretched to 32 × 32').waitFor();
});

test('a model can be kept as F16, in half the space, and tells what that changed', async () => {
  await openModels();
  await row().getByRole('button', { name: 'Download' }).click();
  await isReady();
  await page.reload();
  await openModels();
  await row().getByText('stored in this browser').waitFor();
  const whole = await row().locator('.model-row-facts').innerText();
  await row().getByRole('button', { name: 'Store as F16' }).click();
  await row().getByText('as F16: the embeddings of two generated images have a cosine').waitFor();
  const [, cosine] = /at least ([\d.]+)/.exec(await row().innerText()) ?? [];
  assert.ok(Number(cosine) > 0.99999 && Number(cosine) <= 1, cosine);
  const kilobytes = (/** @type {string} */ text) => Number(/(\d+) kB/.exec(text)?.[1]);
  const ratio = kilobytes(await row().locator('.model-row-facts').innerText()) / kilobytes(whole);
  assert.ok(ratio > 0.45 && ratio < 0.65, `${ratio} of the space`);
  await row().getByRole('button', { name: 'Use', exact: true }).click();
  await isReady();
});

/** No byte of the image tower was sent twice, and few others. */
function assertOneTower() {
  const { bytes } = hub.counts;
  assert.ok(bytes >= 351e6 && bytes <= 352e6 + 1e6, `${bytes} bytes were sent`);
}

/** Names of the folders in the storage. */
function stored() {
  return page.evaluate(async () => {
    const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models', { create: true });
    const names = [];
    for await (const name of /** @type {any} */ (models).keys()) names.push(name);
    return names;
  });
}

test('of a checkpoint of 605 MB the image tower alone is fetched, and after a cut and a reload no byte twice', {
  timeout: 400_000,
}, async () => {
  addLaion();
  const { size } = hub.files[`${LAION}/model.safetensors`];
  assert.ok(size > 604e6 && size < 606e6, `${size} bytes`);
  await openModels();
  hub.behaviour.cutAfter = 0.6 * 352e6;
  hub.behaviour.pace = 2;
  await row('ViT-B/32 LAION-2B').getByRole('button', { name: 'Download' }).click();
  await page.waitForFunction(
    () => /Retrying/.test(document.querySelector('.model-list')?.textContent ?? ''),
    undefined,
    { timeout: 120_000 },
  );
  await page.reload();
  await openModels();
  await row('ViT-B/32 LAION-2B').getByRole('button', { name: 'Resume' }).click();
  await row('ViT-B/32 LAION-2B').getByRole('button', { name: 'Use', exact: true }).waitFor({ timeout: 240_000 });
  assert.equal(hub.counts.preflights, 0);
  assertOneTower();
});

test('a pause keeps what has arrived', async () => {
  addLaion();
  hub.behaviour.pace = 20;
  await openModels();
  await row('ViT-B/32 LAION-2B').getByRole('button', { name: 'Download' }).click();
  await page.waitForFunction(() => /of 351 MB,/.test(document.querySelector('.model-list')?.textContent ?? ''));
  await row('ViT-B/32 LAION-2B').getByRole('button', { name: 'Pause' }).click();
  await row('ViT-B/32 LAION-2B').getByRole('button', { name: 'Resume' }).waitFor();
  assert.match(await row('ViT-B/32 LAION-2B').innerText(), /of 351 MB downloaded/);
  await row('ViT-B/32 LAION-2B').getByRole('button', { name: 'Delete' }).click();
  await row('ViT-B/32 LAION-2B').getByRole('button', { name: 'Download' }).waitFor();
});

for (const [what, patch] of /** @type {[string, Partial<import('../helpers/hub.js').Behaviour>][]} */ ([
  ['ignores ranges', { ranges: false }],
  ['hides its headers', { tells: false }],
  ['ignores ranges and hides its headers', { ranges: false, tells: false }],
  ['is busy at first', { refusals: [503, 429] }],
  ['cuts the connection', { cutAfter: 3000 }],
])) {
  test(`a server that ${what} is read all the same`, async () => {
    Object.assign(hub.behaviour, patch);
    await openModels();
    await row().getByRole('button', { name: 'Download' }).click();
    await isReady();
  });
}

test('a torch checkpoint is fetched without the tensors that are not of the image tower', async () => {
  hub.files['/some/checkpoint/resolve/main/model.pt'] = fileOf(fixture('layouts/openai/model.pt'));
  await openModels();
  await page.locator('#model-address').fill(`${hub.address}/some/checkpoint/blob/main/model.pt`);
  await page.locator('.model-form button').click();
  await isReady();
  assert.match(await page.getByTestId('model-name').innerText(), /some\/checkpoint/);
});

test('a file that was changed on the server is fetched anew', async () => {
  addLaion();
  const path = `${LAION}/model.safetensors`;
  hub.behaviour.pace = 20;
  await openModels();
  await row('ViT-B/32 LAION-2B').getByRole('button', { name: 'Download' }).click();
  await page.waitForFunction(() => /of 351 MB,/.test(document.querySelector('.model-list')?.textContent ?? ''));
  await row('ViT-B/32 LAION-2B').getByRole('button', { name: 'Pause' }).click();
  await row('ViT-B/32 LAION-2B').getByRole('button', { name: 'Resume' }).waitFor();
  hub.behaviour.pace = 0;
  hub.files[path] = fileOf(`${MODEL}/model.safetensors`, '"second"');
  hub.files[`${LAION}/config.json`] = textFile(readFileSync(`${MODEL}/config.json`, 'utf8'));
  await row('ViT-B/32 LAION-2B').getByRole('button', { name: 'Resume' }).click();
  await isReady();
});

test('two tabs fetch one model once', async () => {
  addLaion();
  // It does not end before the other tab has asked for it.
  hub.behaviour.pace = 200;
  const other = await page.context().newPage();
  await other.goto(page.url());
  await openModels();
  await row('ViT-B/32 LAION-2B').getByRole('button', { name: 'Download' }).click();
  await page.waitForFunction(() => /of 351 MB,/.test(document.querySelector('.model-list')?.textContent ?? ''));
  await openModels(other);
  const there = other.locator('.model-row', { hasText: 'ViT-B/32 LAION-2B' });
  await there.getByText(/another tab is working on it: \d+ (kB|MB) of 351 MB/).waitFor();
  assert.deepEqual(
    await there.getByRole('button').allInnerTexts(),
    [],
    'what another tab fetches can be fetched or deleted',
  );
  // Whoever asks at this very moment is refused.
  const refusal = await other.evaluate(async () => {
    const { ModelStore } = await import(new URL('models/store.js', document.baseURI).href);
    const store = new ModelStore();
    await store.refresh();
    const [{ source }] = store.models;
    // What the other tab says of its progress takes the reason's place.
    for (let tries = 0; tries < 50 && !store.get(source.id).reason; tries += 1) await store.remove(source.id);
    return store.get(source.id).reason;
  });
  assert.equal(refusal, 'Another tab is downloading it.');
  hub.behaviour.pace = 0;
  await there.getByRole('button', { name: 'Use', exact: true }).waitFor({ timeout: 120_000 });
  await row('ViT-B/32 LAION-2B').getByRole('button', { name: 'Use', exact: true }).waitFor({ timeout: 120_000 });
  assertOneTower();
});

test('what cannot be fetched is refused with the reason', async () => {
  await openModels();
  for (const [text, named] of [
    ['not a repository', /is not a repository\. Enter owner/],
    ['ftp://example.org/model.pt', /is not a repository/],
  ]) {
    await page.locator('#model-address').fill(/** @type {string} */ (text));
    await page.locator('.model-form button').click();
    assert.match(await page.locator('.model-form-error').innerText(), /** @type {RegExp} */ (named));
  }
  await page.locator('#model-address').fill('nobody/nothing');
  await page.locator('.model-form button').click();
  await page.waitForFunction(() =>
    /has none of these weight files/.test(document.querySelector('.model-list')?.textContent ?? ''),
  );
  hub.files[`${FOLDER}/model.safetensors`] = textFile('<html>no model</html>');
  await row().getByRole('button', { name: 'Download' }).click();
  await page.waitForFunction(() => /web page or XML/.test(document.querySelector('.model-list')?.textContent ?? ''));
});
