/** Broken input: each file gets its error, the rest of the run completes, no worker is lost. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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
  start,
} from '../helpers/page.js';
import { brokenImages, brokenModels } from './broken-files.js';

const EXPECTED = JSON.parse(readFileSync(fixture('page/expected.json'), 'utf8')).folders;
const GOOD = 35;

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
let folder = '';
before(async () => {
  host = await start();
  folder = mkdtempSync(join(tmpdir(), 'reid-web-'));
});
after(async () => {
  await host.close();
  rmSync(folder, { recursive: true });
});

test('broken images are listed with name and reason among good ones, which are all ranked', async () => {
  const broken = brokenImages();
  const set = join(folder, 'mixed');
  for (const name of ['query0', 'gallery0'])
    cpSync(fixture(`page/folders/${name}`), join(set, name), { recursive: true });
  mkdirSync(join(set, 'query0', 'broken'));
  for (const [name, bytes] of Object.entries(broken)) writeFileSync(join(set, 'query0', 'broken', name), bytes);
  const names = Object.keys(broken);
  assert.ok(names.length >= 40, `${names.length} broken images`);

  const page = await open(host);
  await loadModel(page);
  await drop(page, '[data-testid=drop-dataset]', [set]);
  await embedded(page, GOOD + names.length);
  await eventually(async () => assert.equal((await problems(page)).length, names.length));
  const reasons = new Map((await problems(page)).map(({ file, reason }) => [file.split('/').at(-1), reason]));
  for (const name of names) {
    assert.match(
      reasons.get(name) ?? '',
      /not an image|damaged|cut off|cannot (be )?read|has no pixels|expected/,
      name,
    );
  }
  assert.equal(await page.locator('.tile[data-status=failed]').count(), names.length);
  assert.equal(await page.locator('.tile[data-status=done]').count(), GOOD);
  const said = await page.getByTestId('progress-text').innerText();
  assert.match(said, new RegExp(`^${GOOD} images processed.*, ${names.length} could not be read$`));
  await eventually(async () => assert.equal((await metrics(page)).map, EXPECTED.drop.meanAveragePrecision));
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('broken checkpoints are refused by name, and the model in use stays', async () => {
  const models = brokenModels();
  assert.ok(models.length >= 10);
  const page = await openFolders(host);
  for (const { name, config, weights, says } of models) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'config.json'), config);
    writeFileSync(join(folder, name, 'model.safetensors'), weights);
    const files = [join(folder, name)];
    await drop(page, 'main', files);
    const failed = page.locator('#model-card .model-failed');
    await eventually(async () => {
      const reason = await failed.innerText();
      assert.match(reason, new RegExp(`^${name}: `));
      assert.match(reason, says);
    });
  }
  await page.locator('.model-dismiss').click();
  assert.match(await page.getByTestId('model-name').innerText(), /^model, /);
  await eventually(async () => assert.equal((await metrics(page)).map, EXPECTED.drop.meanAveragePrecision));
  assert.deepEqual(await problems(page), []);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('without a model the page says how to get one, and shows the images meanwhile', async () => {
  const page = await open(host);
  await page.getByRole('heading', { name: 'Your pictures need a model' }).waitFor();
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await page.waitForFunction((count) => document.querySelectorAll('.tile img[src^=blob]').length === count, GOOD);
  assert.equal(await page.locator('#ranks-note').innerText(), 'Ranking needs a model.');
  assert.equal(await page.getByTestId('metric-map').innerText(), '–');
  await loadModel(page);
  await embedded(page, GOOD);
  await eventually(async () => assert.equal((await metrics(page)).map, EXPECTED.drop.meanAveragePrecision));
  await page.context().close();
});
