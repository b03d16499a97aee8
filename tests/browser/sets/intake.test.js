/** What is dropped, picked and pasted is understood, shown as understood, and can be corrected and taken back. */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
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

const EXPECTED = JSON.parse(readFileSync(fixture('page/expected.json'), 'utf8')).folders;
const PICTURE = fixture('page/folders/gallery0/0000001/one.png');

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

/** @param {import('playwright-core').Page} page */
const notice = (page) => page.locator('.notice-text').innerText();
/** @param {import('playwright-core').Page} page @param {'query' | 'gallery'} set */
const count = async (page, set) => Number(await page.locator(`[data-zone=${set}] .zone-count`).innerText());

test('every file of a deep and large folder is found, capital endings count, others are listed, leftovers are not', async () => {
  const set = join(folder, 'large');
  const deep = join(set, 'query', '0001', 'a', 'b');
  mkdirSync(deep, { recursive: true });
  // Browsers hand a folder over in batches of 100 entries.
  for (let index = 0; index < 230; index += 1) copyFileSync(PICTURE, join(deep, `${index}.PNG`));
  mkdirSync(join(set, 'gallery', '0001'), { recursive: true });
  copyFileSync(PICTURE, join(set, 'gallery', '0001', 'one.JPG'));
  const leftovers = [
    '.DS_Store',
    'Thumbs.db',
    'LICENSE',
    'README.md',
    'a.aae',
    'a.xmp',
    'a.png:Zone.Identifier',
    'a.png~',
    'a.png.part',
    'Icon\r',
  ];
  for (const name of [...leftovers, 'labels.csv']) writeFileSync(join(set, 'gallery', name), 'x');
  mkdirSync(join(set, 'gallery', '$RECYCLE.BIN'));
  copyFileSync(PICTURE, join(set, 'gallery', '$RECYCLE.BIN', 'x.png'));

  const page = await open(host);
  await drop(page, 'main', [set]);
  await eventually(async () =>
    assert.equal(
      await notice(page),
      '230 query and 1 gallery image, 1 identity from folder names, 1 file ignored (labels.csv)',
    ),
  );
  await eventually(async () => assert.equal(await count(page, 'query'), 230));
  const listed = await problems(page);
  assert.deepEqual(
    listed.map(({ file }) => file),
    ['large/gallery/labels.csv'],
  );
  assert.match(listed[0].reason, /\.csv is not an image format, expected JPEG, PNG, /);
  await page.context().close();
});

test('what has no name that can be told is reported and not walked into; the rest is read', async () => {
  const set = join(folder, 'latin');
  mkdirSync(join(set, 'query', 'Anna'), { recursive: true });
  copyFileSync(PICTURE, join(set, 'query', 'Anna', '1.png'));
  // Names as a Latin-1 system wrote them, which are not UTF-8.
  const inQuery = (/** @type {number[]} */ ...bytes) =>
    Buffer.concat([Buffer.from(`${set}/query/`), Buffer.from(bytes)]);
  const [muller, moller] = [0xfc, 0xf6].map((letter) => inQuery(0x4d, letter, 0x6c, 0x6c, 0x65, 0x72));
  for (const name of [muller, moller]) {
    mkdirSync(name);
    copyFileSync(PICTURE, Buffer.concat([name, Buffer.from('/1.png')]));
  }
  const page = await open(host);
  await drop(page, 'main', [set]);
  await eventually(async () => assert.equal(await notice(page), '1 query image, 1 identity from folder name'));
  const listed = await problems(page);
  assert.ok(
    listed.some(
      ({ file, reason }) => file === 'latin/query' && /does not give the name of something in this folder/.test(reason),
    ),
    JSON.stringify(listed),
  );
  await page.context().close();
});

test('an empty folder and one of links say so, alone and among others', async () => {
  const set = join(folder, 'links');
  mkdirSync(join(set, 'real', '0001'), { recursive: true });
  copyFileSync(PICTURE, join(set, 'real', '0001', '1.png'));
  mkdirSync(join(set, 'data', 'query', '0001'), { recursive: true });
  mkdirSync(join(set, 'data', 'gallery'));
  symlinkSync('../../../real/0001/1.png', join(set, 'data', 'query', '0001', '1.png'));
  symlinkSync('../../real/0001', join(set, 'data', 'gallery', '0001'));
  const page = await open(host);
  const nothing = /There is nothing in it to read: it is empty, or contains only links/;
  await drop(page, 'main', [join(set, 'data')]);
  await eventually(async () => assert.match(await notice(page), nothing));
  assert.deepEqual(
    (await problems(page)).map(({ file }) => file),
    ['data'],
  );
  copyFileSync(PICTURE, join(set, 'data', 'gallery', '2.png'));
  await drop(page, 'main', [join(set, 'data')]);
  await eventually(async () => assert.equal(await count(page, 'gallery'), 1));
  const listed = await problems(page);
  assert.ok(
    listed.some(({ file, reason }) => file === 'data/query' && nothing.test(reason)),
    JSON.stringify(listed),
  );
  await page.context().close();
});

test('the content decides what is already here, not path, size and time', async () => {
  const times = new Date(1_700_000_000_000);
  for (const [name, letter] of /** @type {const} */ ([
    ['first', 'a'],
    ['second', 'b'],
  ])) {
    for (const file of ['1.bmp', '2.bmp']) {
      const path = join(folder, 'same', name, 'images', file);
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, `the same length ${letter} ${file}`);
      utimesSync(path, times, times);
    }
  }
  const page = await open(host);
  const dropImages = (/** @type {string} */ name) =>
    drop(page, '[data-testid=drop-query]', [join(folder, 'same', name, 'images')]);
  await dropImages('first');
  await eventually(async () => assert.equal(await count(page, 'query'), 2));
  await dropImages('second');
  await eventually(async () => assert.equal(await count(page, 'query'), 4));
  await dropImages('first');
  await eventually(async () => assert.match(await notice(page), /, 2 of them already here$/));
  assert.equal(await count(page, 'query'), 4);
  await page.context().close();
});

test('beside a data set, files whose folders name no set are asked about', async () => {
  const page = await open(host);
  await page.getByTestId('input-query-folder').setInputFiles(fixture('page/folders/query0'));
  await eventually(async () => assert.equal(await count(page, 'query'), 27));
  await drop(page, 'main', [PICTURE]);
  await eventually(async () => assert.equal(await notice(page), '1 more picture: what is it for?'));
  await page.getByRole('button', { name: 'Search in these' }).click();
  await eventually(async () => assert.equal(await count(page, 'gallery'), 1));
  await page.context().close();
});

test('the buttons take files and folders, a second drop adds, and undo takes it back', async () => {
  const page = await open(host);
  await page.getByTestId('input-query').setInputFiles([PICTURE]);
  await eventually(async () => assert.equal(await count(page, 'query'), 1));
  await page.getByTestId('input-query-folder').setInputFiles(fixture('page/folders/query0'));
  await eventually(async () => assert.equal(await count(page, 'query'), 28));
  await page.getByTestId('undo').click();
  await eventually(async () => assert.equal(await count(page, 'query'), 1));
  await page.getByTestId('input-query').setInputFiles([PICTURE]);
  await eventually(async () => assert.match(await notice(page), /already here/));
  assert.equal(await count(page, 'query'), 1);
  await page.context().close();
});

test('an image from the clipboard goes to the set that was used last', async () => {
  const page = await open(host);
  await page.getByRole('button', { name: 'Add gallery files' }).focus();
  await page.evaluate(
    (bytes) => {
      const file = new File([new Uint8Array(bytes)], 'image.png', { type: 'image/png' });
      const clipboardData = new DataTransfer();
      clipboardData.items.add(file);
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    },
    [...readFileSync(PICTURE)],
  );
  await eventually(async () => assert.equal(await count(page, 'gallery'), 1));
  assert.match(
    (await page.locator('#gallery-list .tile').getAttribute('data-path')) ?? '',
    /^pasted \d\d\.\d\d\.\d\d\.png$/,
  );
  await page.context().close();
});

test('sets without labels are ranked and not judged; a label that is typed in counts at once', async () => {
  const page = await open(host);
  await loadModel(page);
  const [query, gallery] = ['query.png', 'gallery.png'].map((name) => join(folder, name));
  copyFileSync(fixture('page/folders/query0/0000002/1.png'), query);
  copyFileSync(fixture('page/folders/gallery0/0000002/one.png'), gallery);
  await drop(page, '[data-testid=drop-query]', [query]);
  await drop(page, '[data-testid=drop-gallery]', [gallery]);
  await embedded(page, 2);
  await eventually(async () => assert.equal(await page.locator('#rank-list li').getAttribute('data-match'), 'unknown'));
  assert.match(await page.locator('.metrics-note').innerText(), /n = 0: the only query has no identity/);

  await page.locator('#chosen [name=identity]').fill('ann');
  await page.keyboard.press('Enter');
  await page.locator('#rank-list .rank').click();
  await page.locator('#large figure:nth-of-type(2) [name=identity]').fill('ann');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await eventually(async () => assert.equal((await metrics(page))['rank-1'], 1));
  assert.equal(await page.locator('#rank-list li').getAttribute('data-match'), 'true');
  await page.context().close();
});

test('removing and clearing change the numbers, and undo brings both back', async () => {
  const page = await openFolders(host);
  const whole = EXPECTED.drop.meanAveragePrecision;
  await eventually(async () => assert.equal((await metrics(page)).map, whole));
  await page.locator('#gallery-list .tile').first().focus();
  await page.keyboard.press('Delete');
  await eventually(async () => assert.equal(await page.getByTestId('unmatched-count').innerText(), '6'));
  await page.getByTestId('undo').click();
  await eventually(async () => assert.equal((await metrics(page)).map, whole));
  await page.getByTestId('clear').click();
  await eventually(async () => assert.equal((await metrics(page)).map, null));
  assert.equal(await count(page, 'query'), 0);
  await page.getByTestId('undo').click();
  await eventually(async () => assert.equal((await metrics(page)).map, whole));
  await page.context().close();
});

test('a chosen image that the browser cannot show is shown by its thumbnail, one that is broken by words', async () => {
  const page = await open(host);
  await drop(page, '[data-testid=drop-query]', [fixture('image/decode/rgb.tiff')]);
  const image = page.locator('#chosen img');
  await eventually(async () =>
    assert.equal(await image.evaluate((one) => /** @type {HTMLImageElement} */ (one).naturalWidth), 45),
  );
  await page.getByTestId('clear').click();
  const broken = join(folder, 'broken.png');
  writeFileSync(broken, 'not a PNG');
  await drop(page, '[data-testid=drop-query]', [broken]);
  await page.locator('#chosen').getByText('could not be read').waitFor();
  assert.equal(await image.isVisible(), false);
  await page.context().close();
});

test('a model and a data set may come in one drop', async () => {
  const together = join(folder, 'together');
  cpSync(fixture('page/folders/query0'), join(together, 'query0'), { recursive: true });
  cpSync(fixture('page/folders/gallery0'), join(together, 'gallery0'), { recursive: true });
  cpSync(fixture('clip/quick-gelu'), join(together, 'model'), { recursive: true });
  for (const name of ['expected', 'flipped']) rmSync(join(together, 'model', `${name}.safetensors`));
  const page = await open(host);
  await drop(page, 'main', [together]);
  await embedded(page, 35);
  await eventually(async () => assert.equal((await metrics(page)).map, EXPECTED.drop.meanAveragePrecision));
  await page.context().close();
});
