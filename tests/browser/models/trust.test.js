/** What a link may do, what a model is called, and what is stored: nothing is taken for what it is not. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileOf, startHub } from '../helpers/hub.js';
import { eventually, fixture, open, start } from '../helpers/page.js';

const TINY = 'wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M';
const COMMIT = '0123456789abcdef0123456789abcdef01234567';
const CATALOGUE = readFileSync(new URL('../../../www/models/catalogue.js', import.meta.url), 'utf8');
const MODEL = fixture('clip/quick-gelu');

/** @type {Awaited<ReturnType<typeof startHub>>} */
let hub;
/** @type {Awaited<ReturnType<typeof start>>} */
let host;
before(async () => {
  const files = [`/${TINY}/resolve/main`, `/${TINY}/resolve/${COMMIT}`].flatMap((folder) =>
    ['model.safetensors', 'config.json'].map((name) => [`${folder}/${name}`, fileOf(`${MODEL}/${name}`)]),
  );
  hub = await startHub(Object.fromEntries(files));
  host = await start();
});
after(async () => {
  await host.close();
  hub.close();
});

/** A host whose catalogue pins the first entry. @param {string} sha256 */
function pinned(sha256) {
  const [before, first] = [
    "revision: 'main',\n    file: 'model.safetensors',\n    sha256: ''",
    `revision: '${COMMIT}',\n    file: 'model.safetensors',\n    sha256: '${sha256}'`,
  ];
  assert.ok(CATALOGUE.includes(before));
  return start({ scripts: { 'models/catalogue.js': CATALOGUE.replace(before, first) } });
}

/**
 * @param {Awaited<ReturnType<typeof start>>} at
 * @param {string} [query]
 */
async function openList(at, query = `&hub=${hub.address}`) {
  const page = await open(at, { query: `?sample=none&device=cpu${query}` });
  await page.locator('#model-card .models-open').click();
  return page;
}

/** @param {import('playwright-core').Page} page */
const row = (page) => page.locator('.model-row').first();

/** @param {import('playwright-core').Page} page */
async function fetchFirst(page) {
  await page.locator('.model-hub-allow').click();
  await row(page).getByRole('button', { name: 'Download' }).click();
}

/** @param {import('playwright-core').Page} page */
async function isReady(page) {
  await page.waitForSelector('#model-button[data-status=ready]', { timeout: 120_000 });
}

/** Names of the folders in the storage. @param {import('playwright-core').Page} page */
function stored(page) {
  return page.evaluate(async () => {
    const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models', { create: true });
    const names = [];
    for await (const name of /** @type {any} */ (models).keys()) names.push(name);
    return names;
  });
}

test('a hub that a link chose is named, and asked for nothing until a person allows it, once', async () => {
  const page = await openList(host);
  const named = hub.address.replace('http://', '');
  await page.getByText(`A link has chosen ${named} as the source of models`).waitFor();
  const buttons = page.locator('.model-fetch, .model-form button');
  for (const button of await buttons.all()) assert.equal(await button.isDisabled(), true);
  await page.locator('#model-address').fill('wkcn/other');
  await page.locator('#model-address').press('Enter');
  assert.deepEqual(hub.counts.ranges, []);
  await page.locator('.model-hub-allow').click();
  await page.getByText(`Models come from ${named}, which a link has chosen.`).waitFor();
  await eventually(async () =>
    assert.equal(await row(page).getByRole('button', { name: 'Download' }).isEnabled(), true),
  );
  await page.reload();
  await page.locator('#model-card .models-open').click();
  await page.getByText(`Models come from ${named}`).waitFor();
  await page.getByRole('button', { name: 'Use Hugging Face' }).click();
  assert.equal(await page.locator('.model-hub').isVisible(), false);
  await page.context().close();
});

test('a hub on a host that many share is named with its path', async () => {
  const page = await openList(host, '&hub=https://huggingface.co/somebody/else/resolve/main');
  const named = 'huggingface.co/somebody/else/resolve/main';
  await page.getByText(`A link has chosen ${named} as the source of models`).waitFor();
  assert.equal(await page.locator('.model-hub-allow').innerText(), `Allow ${named}`);
  assert.match(
    await page.locator('.model-row').first().innerText(),
    new RegExp(`not verified.*From ${named}, offered as TinyCLIP`, 's'),
  );
  await page.context().close();
});

test('a link to this computer’s network is refused, and the usual hub stays', async () => {
  const page = await openList(host, '&hub=http://0xa9fea9fe/');
  await page.getByText('which is not allowed: 169.254.169.254 is not a public address').waitFor();
  assert.match(await row(page).innerText(), /TinyCLIP ViT-8M\/16.*not verified/s);
  await page.locator('#model-address').fill('http://192.168.1.1/a/b/resolve/main/model.safetensors');
  await page.locator('.model-form button').click();
  assert.match(await page.locator('.model-form-error').innerText(), /192\.168\.1\.1 is not a public address/);
  await page.context().close();
});

test('a hub that leads to this computer’s network is refused', async () => {
  hub.behaviour.leadsTo = 'localhost';
  const page = await openList(host);
  await fetchFirst(page);
  await row(page).getByText('redirects to another address: localhost is not a public address').waitFor();
  hub.behaviour.leadsTo = '127.0.0.1';
  await page.context().close();
});

test('a file that a link passes off as a model of the catalogue does not get its name or licence', async () => {
  const page = await openList(host);
  await fetchFirst(page);
  await isReady(page);
  assert.match(await page.getByTestId('model-name').innerText(), new RegExp(TINY));
  await page.locator('#model-button').click();
  assert.doesNotMatch(await page.locator('#model-facts').innerText(), /MIT/);
  await page.locator('#model-facts .models-open').click();
  assert.equal(await row(page).locator('.model-row-name').innerText(), TINY);
  assert.match(await row(page).innerText(), /not verified/);
  assert.doesNotMatch(await row(page).innerText(), /MIT/);
  await page.context().close();
});

test('with the bytes of a pinned revision a model has its name and licence, with others it is deleted', async () => {
  const page = await openList(host);
  await fetchFirst(page);
  await isReady(page);
  await page.locator('#model-button').click();
  await page.locator('#model-facts .models-open').click();
  const [, sha256] = /SHA-256 ([0-9a-f]{64})/.exec(await row(page).innerText()) ?? [];
  await page.context().close();
  for (const expected of [sha256, 'f'.repeat(64)]) {
    const own = await pinned(expected);
    const other = await openList(own);
    await fetchFirst(other);
    if (expected === sha256) {
      await isReady(other);
      assert.match(await other.getByTestId('model-name').innerText(), /TinyCLIP ViT-8M\/16/);
      await other.locator('#model-button').click();
      assert.match(await other.locator('#model-facts').innerText(), /MIT/);
      await other.locator('#model-facts .models-open').click();
      assert.match(await row(other).innerText(), /MIT licence · verified/);
    } else {
      await row(other).getByText(`the SHA-256 of its image encoder is ${sha256}, expected ${expected}`).waitFor();
      assert.deepEqual(await stored(other), []);
    }
    await own.close();
  }
});

test('stored weights that have changed are not used', async () => {
  const page = await openList(host);
  await fetchFirst(page);
  await isReady(page);
  await page.evaluate(async () => {
    const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models');
    for await (const folder of /** @type {any} */ (models).values()) {
      const file = await folder.getFileHandle('model.safetensors');
      const { size } = await file.getFile();
      const writable = await file.createWritable({ keepExistingData: true });
      await writable.write({ type: 'write', position: size - 1, data: new Uint8Array([77]) });
      await writable.close();
    }
  });
  await page.reload();
  await page.locator('#model-card .models-open').click();
  await row(page).getByRole('button', { name: 'Use', exact: true }).click();
  await page.waitForSelector('#model-button[data-status=failed]');
  assert.match(
    (await page.locator('#model-card .model-failed').textContent()) ?? '',
    /weights have changed: their SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}; delete it and download it again/,
  );
  await page.context().close();
});

test('what a crash leaves is taken away: folders without a record, files that no record names', async () => {
  const page = await openList(host);
  await fetchFirst(page);
  await isReady(page);
  await page.reload();
  await page.evaluate(async () => {
    const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models');
    const write = async (/** @type {FileSystemDirectoryHandle} */ folder) =>
      (await (await folder.getFileHandle('model.f16.safetensors', { create: true })).createWritable()).close();
    for await (const folder of /** @type {any} */ (models).values()) await write(folder);
    await write(await models.getDirectoryHandle('half-deleted', { create: true }));
  });
  await page.locator('#model-card .models-open').click();
  await row(page).getByText('stored in this browser').waitFor();
  await eventually(async () => assert.equal((await stored(page)).length, 1));
  const names = await page.evaluate(async () => {
    const models = await (await navigator.storage.getDirectory()).getDirectoryHandle('models');
    const found = [];
    for await (const folder of /** @type {any} */ (models).values())
      for await (const name of folder.keys()) found.push(name);
    return found.sort();
  });
  assert.deepEqual(names, ['config.json', 'model.safetensors', 'record.json']);
  await page.context().close();
});
