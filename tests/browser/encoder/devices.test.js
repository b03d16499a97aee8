/**
 * The device is measured, not assumed: forced CPU, forced WebGPU, and what the page chooses by itself.
 * Where the browser offers an adapter, WebGPU must work; nothing is skipped.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import {
  MODEL,
  drop,
  embedded,
  eventually,
  fixture,
  loadModel,
  metrics,
  open,
  openFolders,
  saved,
  start,
} from '../helpers/page.js';

const EXPECTED = JSON.parse(readFileSync(fixture('page/expected.json'), 'utf8')).folders;

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
before(async () => {
  host = await start();
});
after(() => host.close());

/** @param {import('playwright-core').Page} page */
const deviceFacts = async (page) => ({
  line: await page.getByTestId('device').innerText(),
  reason: await page.locator('.device-reason').textContent(),
});

/** @param {import('playwright-core').Page} page */
const hasAdapter = (page) =>
  page.evaluate(async () => {
    const gpu = /** @type {any} */ (navigator).gpu;
    return Boolean(await gpu?.requestAdapter());
  });

/**
 * @param {{path: string, embedding: number[]}[]} images  saved
 * @param {number} tolerance  of an embedding's number
 */
function assertPythons(images, tolerance) {
  assert.equal(images.length, 35);
  for (const { path, embedding } of images) {
    const reference = EXPECTED.embeddings[path.replace('folders/', '')];
    const largest = Math.max(...embedding.map((value, at) => Math.abs(value - reference[at])));
    assert.ok(largest <= tolerance, `${path}: ${largest}`);
  }
}

test('?device=cpu runs on the CPU and never fetches the WebGPU package', async () => {
  const page = await open(host);
  const from = host.requests.length;
  await loadModel(page);
  const { line, reason } = await deviceFacts(page);
  // What several workers do was not measured, and is not shown.
  assert.match(line, /^CPU( ×\d+|, \d+ images\/s)$/);
  assert.match(
    (await page.locator('#device-facts .facts').textContent()) ?? '',
    /Measured(\d+ images\/s|\d+\.\d ms per image on one worker)$/,
  );
  assert.equal(reason, 'Requested by ?device=cpu.');
  assert.deepEqual(
    host.requests.slice(from).filter((path) => path.includes('/pkg/gpu/')),
    [],
  );
  await page.context().close();
});

test("without relaxed SIMD a browser takes the package without, with Python's embeddings", async () => {
  const source = readFileSync(new URL('../../../www/package.js', import.meta.url), 'utf8');
  const [multiplyAdd, unknown] = ['0x105:', '0x1ff:'];
  assert.ok(source.includes(multiplyAdd));
  for (const [script, own, other] of [
    [source, 'cpu-relaxed', 'cpu'],
    [source.replace(multiplyAdd, unknown), 'cpu', 'cpu-relaxed'],
  ]) {
    const old = await start({ scripts: { 'package.js': script } });
    try {
      const page = await openFolders(old);
      const { images } = JSON.parse(await saved(page, 'embeddings'));
      assertPythons(images, 1e-5);
      const fetched = (/** @type {string} */ name) =>
        old.requests.some((path) => path.endsWith(`/pkg/${name}/reid_web_bg.wasm`));
      await page.evaluate(() => navigator.serviceWorker.ready);
      assert.deepEqual([fetched(own), fetched(other)], [true, false]);
      assert.deepEqual(page.errors, []);
    } finally {
      await old.close();
    }
  }
});

test('where the browser does not tell the memory, a computer gets more workers for large weights than a phone', async () => {
  const page = await open(host);
  const workers = (/** @type {number} */ bytes, /** @type {object} */ told) =>
    page.evaluate(
      async ([weights, values]) => {
        for (const [name, value] of Object.entries(values))
          Object.defineProperty(navigator, name, { value, configurable: true });
        const { cpuWorkers } = await import(new URL('encoder/device.js', document.baseURI).href);
        return cpuWorkers(weights);
      },
      /** @type {const} */ ([bytes, told]),
    );
  const [VIT_B_16, TINY] = [345e6, 33e6];
  const untold = { deviceMemory: undefined, hardwareConcurrency: 8 };
  assert.equal(await workers(VIT_B_16, { ...untold, maxTouchPoints: 0 }), 4);
  assert.equal(await workers(VIT_B_16, { ...untold, maxTouchPoints: 5 }), 1);
  assert.equal(await workers(TINY, { ...untold, maxTouchPoints: 5 }), 8);
  assert.equal(await workers(VIT_B_16, { ...untold, deviceMemory: 16, maxTouchPoints: 5 }), 8);
  assert.equal(await workers(VIT_B_16, { ...untold, deviceMemory: 2, maxTouchPoints: 0 }), 1);
  await page.context().close();
});

test("?device=webgpu runs on the adapter with Python's embeddings, or says that there is none", async () => {
  const page = await open(host, { query: '?sample=none&device=webgpu' });
  if (!(await hasAdapter(page))) {
    await assert.rejects(loadModel(page), /this browser offers no WebGPU adapter/);
    return;
  }
  await loadModel(page);
  const { line, reason } = await deviceFacts(page);
  assert.doesNotMatch(line, /CPU/);
  assert.match(reason ?? '', /its embeddings agree \(cosine (1\.0000|0\.9999)/);

  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await embedded(page, 35);
  await eventually(async () => assert.equal((await metrics(page)).map, EXPECTED.drop.meanAveragePrecision));
  const { images } = JSON.parse(await saved(page, 'embeddings'));
  assertPythons(images, 1e-4);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('by itself the page leaves a software adapter alone and says so', async () => {
  const page = await open(host, { query: '?sample=none' });
  await loadModel(page);
  const { line, reason } = await deviceFacts(page);
  assert.match(line, /^CPU/);
  const expected = (await hasAdapter(page)) ? /runs in software here \(.*SwiftShader/i : /offers no WebGPU adapter/;
  assert.match(reason ?? '', expected);
  await page.context().close();
});

test('a model that is loaded a second time takes the place of the first', async () => {
  const page = await openFolders(host);
  await eventually(async () => assert.equal((await metrics(page)).map, EXPECTED.drop.meanAveragePrecision));
  await loadModel(
    page,
    ['config.json', 'model.safetensors'].map((name) => fixture(`clip/gelu/${name}`)),
  );
  await eventually(async () => assert.notEqual((await metrics(page)).map, EXPECTED.drop.meanAveragePrecision));
  await loadModel(page, MODEL);
  await eventually(async () => assert.equal((await metrics(page)).map, EXPECTED.drop.meanAveragePrecision));
  await page.context().close();
});
