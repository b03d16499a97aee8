/**
 * Checkpoints as training leaves them, dropped: several towers or files, endings of all kinds, cameras, trainers'
 * files.
 */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { correct, embeddings, IMAGES } from '../helpers/model.js';
import { drop, embedded, eventually, fixture, loadModel, open, problems, saved, start } from '../helpers/page.js';

const ONE_HEAD = ['config.json', 'model.safetensors'].map((name) => fixture(`clip/one-head/${name}`));

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

/** @param {import('playwright-core').Page} page @param {string} field */
async function chosen(page, field) {
  const select = page.locator(`.assumption select[data-field=${field}]`);
  return {
    value: await select.inputValue(),
    choices: await select
      .locator('option')
      .evaluateAll((all) => all.map((one) => /** @type {HTMLOptionElement} */ (one).value)),
  };
}

/** @param {string} name @param {Record<string, string | Buffer>} files  bytes, or the path of what is copied */
function folderOf(name, files) {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  for (const [file, content] of Object.entries(files)) {
    if (typeof content === 'string') copyFileSync(content, join(path, file));
    else writeFileSync(join(path, file), content);
  }
  return path;
}

/** With a byte order mark before it. @param {Buffer} text */
const withMark = (text) => Buffer.concat([Buffer.from('\u{feff}'), text]);

/** The paths of a folder's files. @param {string} path */
const filesIn = (path) =>
  readdirSync(path)
    .sort()
    .map((name) => join(path, name));

/** The tower clip/one-head twice in one file, the second one with other weights. @param {[string, string]} prefixes */
function twoTowers(prefixes) {
  const file = readFileSync(ONE_HEAD[1]);
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + length).toString());
  const data = file.subarray(8 + length);
  const other = Buffer.from(data);
  for (let at = 0; at < other.length; at += 4) other.writeFloatLE(0.9 * other.readFloatLE(at), at);
  /** @type {Record<string, unknown>} */
  const joined = {};
  prefixes.forEach((prefix, index) => {
    for (const [
      name,
      {
        dtype,
        shape,
        data_offsets: [start, end],
      },
    ] of Object.entries(header).filter(([key]) => key !== '__metadata__')) {
      joined[prefix + name] = {
        dtype,
        shape,
        data_offsets: [start, end].map((offset) => offset + index * data.length),
      };
    }
  });
  const json = Buffer.from(JSON.stringify(joined));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([size, json, data, other]);
}

test('of several towers the one that is taken is shown, and another can be chosen', async () => {
  const page = await open(host);
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await loadModel(page, ONE_HEAD);
  const expected = await embeddings(page);
  await loadModel(
    page,
    filesIn(folderOf('two', { 'config.json': ONE_HEAD[0], 'model.safetensors': twoTowers(['model_ema.', 'model.']) })),
  );
  assert.deepEqual(await chosen(page, 'tower'), { value: 'model.', choices: ['model_ema.', 'model.'] });
  assert.notDeepEqual(await embeddings(page), expected);
  await correct(page, 'tower', 'model_ema.');
  assert.deepEqual(await embeddings(page), expected);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('parts of a model are read together, with an index or by their names, and a missing one is named', async () => {
  const page = await open(host);
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await loadModel(page, ONE_HEAD);
  const expected = await embeddings(page);
  for (const name of ['shards', 'torch-shards']) {
    const files = filesIn(fixture(`checkpoints/${name}`));
    for (const some of [files, files.filter((file) => !file.endsWith('.index.json'))]) {
      await loadModel(page, some);
      assert.deepEqual(await embeddings(page), expected, name);
    }
    const marked = Object.fromEntries(
      files.map((file) => [basename(file), file.endsWith('.json') ? withMark(readFileSync(file)) : file]),
    );
    await loadModel(page, filesIn(folderOf(`marked-${name}`, marked)));
    assert.deepEqual(await embeddings(page), expected, name);
    await assert.rejects(
      loadModel(
        page,
        files.filter((file) => !file.includes('00002-of')),
      ),
      /00002-of-00003\.(safetensors|bin) is missing: the model has 3 parts/,
    );
  }
  await page.context().close();
});

test('the processor_config.json of transformers 5 says what to do with the pixels', async () => {
  const settings = {
    size: { height: 5, width: 5 },
    do_center_crop: false,
    image_mean: [0.5, 0.5, 0.5],
    image_std: [0.5, 0.5, 0.5],
  };
  const model = { 'config.json': ONE_HEAD[0], 'model.safetensors': ONE_HEAD[1] };
  const text = (/** @type {object} */ json) => Buffer.from(JSON.stringify(json));
  const page = await open(host);
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await loadModel(page, filesIn(folderOf('old', { ...model, 'preprocessor_config.json': text(settings) })));
  const expected = await embeddings(page);
  await loadModel(
    page,
    filesIn(
      folderOf('new', {
        ...model,
        'processor_config.json': text({ image_processor: settings, processor_class: 'CLIPProcessor' }),
      }),
    ),
  );
  assert.deepEqual(await embeddings(page), expected);
  const before5 = {
    ...model,
    'processor_config.json': text({ processor_class: 'CLIPProcessor' }),
    'preprocessor_config.json': text(settings),
  };
  await loadModel(page, filesIn(folderOf('between', before5)));
  assert.deepEqual(await embeddings(page), expected);
  const marked = {
    ...model,
    'config.json': withMark(readFileSync(ONE_HEAD[0])),
    'processor_config.json': withMark(text({ image_processor: settings })),
  };
  await loadModel(page, filesIn(folderOf('marked', marked)));
  assert.deepEqual(await embeddings(page), expected);
  const broken = { ...before5, 'processor_config.json': Buffer.from('{"image_processor": ') };
  await assert.rejects(loadModel(page, filesIn(folderOf('broken', broken))), /processor_config\.json: /);
  const odd = { ...model, 'preprocessor_config.json': text({ ...settings, resample: 9 }) };
  await assert.rejects(
    loadModel(page, filesIn(folderOf('odd', odd))),
    /preprocessor_config\.json: "resample" is 9, expected/,
  );
  await page.context().close();
});

test('weights are told by their content, whatever their ending, and trainers’ files are none', async () => {
  const weights = fixture('layouts/openai/model.pt');
  const page = await open(host);
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await loadModel(page, [weights]);
  const expected = await embeddings(page);
  const others = {
    'optimizer.pt': weights,
    'training_args.bin': weights,
    'split.pkl': Buffer.from('\x80\x04\x95 a pickle'),
    'logs.tar': Buffer.alloc(1024),
  };
  for (const name of ['model.pth.tar', 'model.pth.tar-60', 'last.ckpt', 'best.pkl']) {
    const path = folderOf(`ending-${name}`, { [name]: weights, ...others });
    await drop(page, 'main', [path]);
    await page.waitForFunction(
      (wished) => document.querySelector('[data-testid=model-name]')?.textContent?.startsWith(wished),
      `ending-${name}`,
    );
    assert.deepEqual(await embeddings(page), expected, name);
  }
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('models that lie in a data set do not disturb the one in use', async () => {
  const set = join(folder, 'set');
  cpSync(fixture('page/folders/query0'), join(set, 'query0'), { recursive: true });
  cpSync(fixture('page/folders/gallery0'), join(set, 'gallery0'), { recursive: true });
  mkdirSync(join(set, 'logs'));
  copyFileSync(fixture('layouts/openai/model.pt'), join(set, 'logs', 'best.pth'));
  const page = await open(host);
  await loadModel(page, ONE_HEAD);
  await drop(page, 'main', [set]);
  await embedded(page, IMAGES);
  assert.match(await page.getByTestId('model-name').innerText(), /^model, /);
  const reasons = (await problems(page)).filter(({ file }) => file.endsWith('best.pth'));
  assert.match(reasons[0].reason, /lies among images and was not loaded, because another model is in use/);
  await page.context().close();

  copyFileSync(fixture('layouts/handid/model.pth'), join(set, 'logs', 'last.pth'));
  const other = await open(host);
  await drop(other, 'main', [set]);
  await other.locator('.tile').first().waitFor();
  await eventually(async () =>
    assert.equal((await problems(other)).filter(({ file }) => file.endsWith('.pth')).length, 2),
  );
  assert.notEqual(await other.locator('#model-button').getAttribute('data-status'), 'failed');
  await other.context().close();
});

test('a camera changes the embedding where its embeddings are used, and an unknown one is an error', async () => {
  const image = fixture('page/folders/gallery0/0000001/one.png');
  const names = ['0001_c1s1_000001_00.png', '0001_c2s1_000001_00.png', '0002_c9s1_000001_00.png'];
  const gallery = folderOf('gallery0', Object.fromEntries(names.map((name) => [name, image])));
  const page = await open(host);
  await loadModel(page, [fixture('checkpoints/reid-overlap/model.pth')]);
  assert.deepEqual(await chosen(page, 'camera_embedding'), { value: 'left_out', choices: ['left_out', 'used'] });
  await drop(page, '[data-testid=drop-gallery]', [gallery]);
  const [first, second] = await embeddings(page, names.length);
  assert.deepEqual(first, second);
  await correct(page, 'camera_embedding', 'used');
  await eventually(async () =>
    assert.match((await problems(page)).map(({ reason }) => reason).join(), /its camera is "9", expected 1 to 6/),
  );
  const cameras = async () =>
    new Map(
      JSON.parse(await saved(page, 'embeddings')).images.map((/** @type {any} */ one) => [
        one.path.split('/').at(-1),
        one.embedding,
      ]),
    );
  await embedded(page, names.length);
  const used = await cameras();
  assert.equal(used.size, 2);
  assert.notDeepEqual(used.get(names[0]), used.get(names[1]));
  assert.notDeepEqual(used.get(names[0]), first);
  await correct(page, 'camera_embedding', 'left_out');
  assert.deepEqual((await embeddings(page, names.length))[0], first);
  await page.context().close();
});
