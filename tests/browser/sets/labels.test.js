/** Labels as people have them: folders, tables and what is typed; and what the checks of a data set say of them. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { drop, embedded, eventually, fixture, loadModel, metrics, open, problems, start } from '../helpers/page.js';

const EXPECTED = JSON.parse(readFileSync(fixture('page/expected.json'), 'utf8')).folders;

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
let folder = '';
before(async () => {
  host = await start();
  folder = mkdtempSync(join(tmpdir(), 'reid-web-labels-'));
});
after(async () => {
  await host.close();
  rmSync(folder, { recursive: true });
});

/** @param {import('playwright-core').Page} page */
const notice = (page) => page.locator('.notice-text').innerText();
/** @param {import('playwright-core').Page} page */
const evaluated = (page) => page.getByTestId('metric-n').innerText();

/**
 * Makes a data set of different pictures.
 * @param {string} name
 * @param {string[]} paths
 */
function dataSet(name, paths) {
  const pictures = [...EXPECTED.query, ...EXPECTED.gallery];
  paths.forEach((path, index) => {
    const file = join(folder, name, path);
    mkdirSync(join(file, '..'), { recursive: true });
    copyFileSync(fixture(`page/folders/${pictures[index]}`), file);
  });
  return join(folder, name);
}

/**
 * Drops one unit vector for each identity of 0 to 2, 3 queries and 5 gallery images, with this table of labels.
 * @param {import('playwright-core').Page} page
 * @param {string} name
 * @param {string} table
 */
async function dropTable(page, name, table) {
  const shown = [0, 1, 2, 0, 1, 2, 0, 1];
  const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (8, 3), }".padEnd(117);
  const rows = Float32Array.from(shown.flatMap((one) => [0, 1, 2].map((at) => Number(at === one))));
  const file = (/** @type {string} */ ending) => join(folder, `${name}.${ending}`);
  writeFileSync(
    file('npy'),
    Buffer.concat([
      Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'),
      Buffer.from(`${header}\n`),
      Buffer.from(rows.buffer),
    ]),
  );
  writeFileSync(file('csv'), table);
  await drop(page, '[data-testid=drop-dataset]', [file('npy'), file('csv')]);
  await embedded(page, shown.length);
}

/**
 * @param {string[]} identities
 * @param {string[]} cameras
 * @param {string} separator
 */
function table(identities, cameras, separator = ',') {
  const rows = identities.map((identity, row) => [`${row}.jpg`, row < 3 ? 'query' : 'gallery', identity, cameras[row]]);
  return [['path', 'set', 'identity', 'camera'], ...rows].map((row) => row.join(separator)).join('\r\n');
}

const NUMBERED = ['0001', '0002', '0003', '0001', '0002', '0003', '0001', '0002'];

/** @param {import('playwright-core').Page} page @param {string} text */
async function assertFound(page, text) {
  await page.locator('#study:not([open]) > summary').click();
  await page.getByTestId('findings').getByText(text).waitFor();
}

test('the first folder below the set folder is the identity, whatever is below it', async () => {
  const page = await open(host);
  await loadModel(page);
  const sides = (/** @type {string} */ set) =>
    ['0001', '0002', '0003', '0004'].flatMap((one) =>
      ['left', 'right'].map((side) => `${set}/${one}/${side}/${set}.png`),
    );
  await drop(page, 'main', [dataSet('sides', [...sides('query'), ...sides('gallery').slice(0, 6)])]);
  await embedded(page, 14);
  assert.equal(await notice(page), '8 query and 6 gallery images, 4 identities from folder names');
  await eventually(async () => assert.equal(await evaluated(page), 'n = 6 of 8 queries'));
  await page.context().close();
});

test('a camera folder is a camera; file names of a known data set say who is shown', async () => {
  const page = await open(host);
  const files = (/** @type {string} */ set, /** @type {number} */ camera) =>
    ['0001', '0002'].map((one) => `${set}/cam${camera}/${one}_c${camera}s1_000001_00.png`);
  await drop(page, 'main', [dataSet('cameras', [...files('query', 1), ...files('gallery', 2)])]);
  await eventually(async () =>
    assert.equal(
      await notice(page),
      '2 query and 2 gallery images, 2 identities from Market-1501 file names, 2 cameras',
    ),
  );
  await page.context().close();
});

test('set folders are known by their words, and names in two Unicode forms are one identity', async () => {
  const page = await open(host);
  const paths = [
    'query_images/Mu\u0308ller/1.png',
    'query_images/Zoe\u0308/2.png',
    'test-gallery/M\u00fcller/3.png',
    'test-gallery/Zo\u00eb/4.png',
  ];
  await drop(page, 'main', [dataSet('unicode', paths)]);
  await eventually(async () =>
    assert.equal(await notice(page), '2 query and 2 gallery images, 2 identities from folder names'),
  );
  await page.context().close();
});

test('two flat folders of one name say nothing of who is shown', async () => {
  const page = await open(host);
  for (const set of ['query', 'gallery']) {
    await drop(page, `[data-testid=drop-${set}]`, [
      join(dataSet(`flat-${set}`, ['hands/IMG_1.png', 'hands/IMG_2.png']), 'hands'),
    ]);
    await eventually(async () =>
      assert.equal(await notice(page), `2 ${set} images, no identities in folder or file names`),
    );
  }
  await page.context().close();
});

test('several dropped folders are identities', async () => {
  const page = await open(host);
  const set = dataSet('several', ['0001051/a.png', '0001052/b.png']);
  await drop(
    page,
    '[data-testid=drop-query]',
    ['0001051', '0001052'].map((name) => join(set, name)),
  );
  await eventually(async () => assert.equal(await notice(page), '2 query images, 2 identities from folder names'));
  await page.context().close();
});

test('one identity for everything is told', async () => {
  const page = await open(host);
  await loadModel(page);
  await drop(page, 'main', [dataSet('one', ['query/hands/1.png', 'query/hands/2.png', 'gallery/hands/3.png'])]);
  await embedded(page, 3);
  await assertFound(page, 'All labelled images show the same identity');
  await page.context().close();
});

test("Excel's line that names the separator is read, and missing cameras leave nothing out", async () => {
  const page = await open(host);
  await dropTable(page, 'excel', `\ufeffsep=;\r\n${table(NUMBERED, Array(8).fill('nan'), ';')}`);
  await eventually(async () => assert.equal(await evaluated(page), 'n = 3 of 3 queries'));
  assert.equal((await metrics(page))['rank-1'], 1);
  assert.deepEqual(await problems(page), []);
  await page.context().close();
});

test('identities that are floats are whole numbers, and -1.0 is junk', async () => {
  const page = await open(host);
  await dropTable(page, 'floats', table(['1.0', '2.0', '-1.0', '1.0', '2.0', '-1.0', '1.0', '2.0'], Array(8).fill('')));
  await eventually(async () => assert.equal(await evaluated(page), 'n = 2 of 3 queries'));
  await page.context().close();
});

test('several spellings are told, of identities and of cameras', async () => {
  for (const [name, identities, cameras, text] of /** @type {const} */ ([
    [
      'mixed',
      ['1', '2', '3', '1.0', '2.0', '3.0', '1.0', '2.0'],
      ['1', '1', '1', '2', '2', '2', '2', '2'],
      '3 identities have several spellings',
    ],
    [
      'zeros',
      ['1', '2', '3', ...NUMBERED.slice(3)],
      ['1', '1', '1', '2', '2', '2', '2', '2'],
      '3 identities appear with and without leading zeros',
    ],
    ['cameras', NUMBERED, ['c1', 'c1', 'c1', '1', '1', '1', '1', '1'], '1 camera has several spellings'],
    ['camera-zeros', NUMBERED, ['1', '1', '1', '01', '01', '01', '01', '01'], '1 camera has several spellings'],
  ])) {
    const page = await open(host);
    await dropTable(page, name, table([...identities], [...cameras]));
    await assertFound(page, text);
    await page.context().close();
  }
});

test('embeddings of one path are already here only if they are the same', async () => {
  const page = await open(host);
  const labels = table(NUMBERED, Array(8).fill(''));
  await dropTable(page, 'again', labels);
  await drop(
    page,
    '[data-testid=drop-dataset]',
    ['npy', 'csv'].map((ending) => join(folder, `again.${ending}`)),
  );
  await page.getByTestId('notice').getByText('8 of them already here').waitFor();
  const bytes = readFileSync(join(folder, 'again.npy'));
  bytes.fill(0, 128, 140);
  bytes.writeFloatLE(1, 136);
  writeFileSync(join(folder, 'again.npy'), bytes);
  await drop(
    page,
    '[data-testid=drop-dataset]',
    ['npy', 'csv'].map((ending) => join(folder, `again.${ending}`)),
  );
  await page.getByTestId('notice').getByText('7 of them already here').waitFor();
  await page.context().close();
});

test('an identity that is typed almost as another one is told', async () => {
  const page = await open(host);
  await drop(page, '[data-testid=drop-dataset]', [
    dataSet('fruit', ['query/1/a.png', 'gallery/Pear/b.png', 'gallery/pear2/c.png']),
  ]);
  const identity = page.locator('#chosen [name=identity]');
  await identity.fill('apple');
  await page.keyboard.press('Tab');
  await identity.fill('pear ');
  await page.keyboard.press('Tab');
  const warning = page.locator('.notice-warning');
  await eventually(async () =>
    assert.equal(await warning.innerText(), '“pear” and “Pear” count as different identities.'),
  );
  // What was said of the data set, and its undo, stay.
  assert.match(await notice(page), /3 images|1 query/);
  assert.ok(await page.getByTestId('undo').isVisible());
  // Corrected, nothing is said of it any more.
  await identity.fill('Pear');
  await page.keyboard.press('Tab');
  await eventually(async () => assert.equal(await warning.innerText(), ''));
  await page.context().close();
});

test('a typed label is read as all labels are', async () => {
  const page = await open(host);
  await drop(page, '[data-testid=drop-query]', [fixture('page/folders/query0/0000002/1.png')]);
  const identity = page.locator('#chosen [name=identity]');
  for (const [typed, read] of [
    [' Mu\u0308ller\u200b ', 'M\u00fcller'],
    ['NaN', ''],
    ['0007', '0007'],
    ['-1.0', '-1'],
  ]) {
    await identity.fill(typed);
    await page.keyboard.press('Tab');
    await eventually(async () => assert.equal(await identity.inputValue(), read));
  }
  const camera = page.locator('#chosen [name=camera]');
  await camera.fill('-1');
  await page.keyboard.press('Tab');
  await eventually(async () => assert.equal(await camera.inputValue(), ''));
  await page.context().close();
});
