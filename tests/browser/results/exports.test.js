/**
 * What is saved: harmless in a spreadsheet if wished, exact if not; large files in parts, with progress and a way to
 * cancel.
 */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { forSpreadsheets, harmless, quoted } from '../../../www/matching/csv.js';
import { isolated } from '../../../www/words/format.js';
import { drop, embedded, eventually, loadModel, open, savedFiles, start } from '../helpers/page.js';
import { plainPng } from '../helpers/pictures.js';
import { mainThreadTasks } from '../helpers/tasks.js';

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

/**
 * Names as somebody sends them who means harm: a formula, a command, one behind a separator, text from right to left.
 */
const NAMES = ['=1+1', '+cmd|calc', '-2+3', '@SUM(A1)', 'a;=1+1', '\u202egpj.exe', '-1', 'plain'];

test('text that a spreadsheet takes for a formula gets an apostrophe; numbers and other text stay', () => {
  const mended = NAMES.map((name) => harmless(name));
  assert.deepEqual(mended, ["'=1+1", "'+cmd|calc", "'-2+3", "'@SUM(A1)", '"a;\'=1+1"', '\u202egpj.exe', '-1', 'plain']);
  assert.deepEqual(
    ['\t=1', '\r=1', '\n=1', '＝1', '-0.25', '+1e-7', '', ' =1', '-', 'a;"=1;', '\u200B\u00A0=1', '5 = 5'].map(
      harmless,
    ),
    [
      '"\'\t\'=1"',
      '"\'\r\'=1"',
      '"\'\n\'=1"',
      "'＝1",
      '-0.25',
      '+1e-7',
      '',
      "' =1",
      "'-",
      '"a;\'""=1;"',
      "'\u200B\u00A0=1",
      '5 = 5',
    ],
  );
  assert.deepEqual(NAMES.map(quoted), NAMES);
});

test('a whole file for spreadsheets is the exact one with those cells mended', () => {
  const rows = [
    ['path', 'identity'],
    ['=a,b', '1'],
    ['say "no"', '-0.5'],
    ['two\nlines', '@'],
    ['', ''],
  ];
  const csv = `${rows.map((row) => row.map(quoted).join(',')).join('\n')}\n`;
  assert.equal(forSpreadsheets(csv), '\uFEFFpath,identity\n"\'=a,b",1\n"say ""no""",-0.5\n"two\nlines",\'@\n,\n');
  assert.equal(forSpreadsheets('a,=b\r\n=c,d\r\n'), "\uFEFFa,'=b\r\n'=c,d\r\n");
});

test('files are exact unless spreadsheets are meant; then no cell of any CSV file begins a formula', {
  timeout: 120_000,
}, async () => {
  const own = join(folder, 'harm');
  for (const [index, name] of NAMES.entries()) {
    for (const [at, set] of ['query', 'gallery'].entries()) {
      mkdirSync(join(own, set, name), { recursive: true });
      writeFileSync(join(own, set, name, `=${index}.png`), plainPng(20, 20, [index * 20, at * 50, 9]));
    }
  }
  const page = await open(host);
  await loadModel(page);
  for (const set of ['query', 'gallery'])
    await drop(
      page,
      `[data-testid=drop-${set}]`,
      NAMES.map((name) => join(own, set, name)),
    );
  await embedded(page, 2 * NAMES.length);
  const files = async () => {
    const saved = [];
    for (const [what, count] of /** @type {[string, number][]} */ ([
      ['tables', 2],
      ['ranks', 1],
      ['scores', 1],
      ['similarities', 2],
      ['npy', 2],
    ])) {
      saved.push(...(await savedFiles(page, what, count)).filter(({ name }) => name.endsWith('.csv')));
    }
    return saved.map(({ name, bytes }) => [name, bytes.toString()]);
  };
  const exact = await files();
  assert.equal(exact.length, 6);
  const scores = exact.find(([name]) => name === 'scores.csv')?.[1] ?? '';
  assert.match(scores, /\n=1\+1\/=0\.png,=1\+1,,/);
  assert.equal(scores.trim().split('\n').length, 1 + NAMES.length ** 2);

  await page.check('#for-spreadsheets');
  for (const [index, [name, text]] of (await files()).entries()) {
    assert.equal(name, exact[index][0]);
    assert.doesNotMatch(text, /(^|[,;\n"])[=+@\t\r]/, name);
    assert.equal(text, forSpreadsheets(exact[index][1]), name);
  }
  await page.context().close();
});

test('a typed label has at most 200 characters', async () => {
  const page = await open(host);
  await page
    .getByTestId('input-query')
    .setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: plainPng(20, 20, [1, 2, 3]) });
  const input = page.locator('#chosen [name=identity]');
  await input.fill('x'.repeat(150));
  await input.evaluate((element) => {
    /** @type {HTMLInputElement} */ (element).value = 'x'.repeat(5000);
    element.dispatchEvent(new Event('change'));
  });
  await eventually(async () =>
    assert.equal(
      await page
        .locator('.chosen-identity')
        .innerText()
        .then((text) => /x+/.exec(text)?.[0].length),
      200,
    ),
  );
  await input.fill('');
  await input.pressSequentially('y'.repeat(210), { delay: 0 });
  assert.equal((await input.inputValue()).length, 200);
  await page.context().close();
});

test('a name turns nothing of the sentence that it stands in, on the page and in the report', {
  timeout: 60_000,
}, async () => {
  assert.deepEqual(['a.png', '\u202egpj.exe', '\u2069\u202ex', 'שלום.png'].map(isolated), [
    'a.png',
    '\ufffdgpj.exe',
    '\ufffd\ufffdx',
    '\u2068שלום.png\u2069',
  ]);
  const page = await open(host);
  const own = join(folder, 'turned');
  mkdirSync(own, { recursive: true });
  for (const name of ['\u202egnp.txt', 'שלום.png', '\u202egnp.png'])
    writeFileSync(join(own, name), plainPng(20, 20, [name.length, 2, 3]));
  await drop(page, '[data-testid=drop-query]', [own]);
  await eventually(async () =>
    assert.match(await page.locator('.notice-text').innerText(), /1 file ignored \(\ufffdgnp\.txt\)/),
  );
  const titles = await page
    .locator('.tile')
    .evaluateAll((tiles) => tiles.map((tile) => tile.getAttribute('title') ?? ''));
  assert.ok(
    titles.some((title) => title.includes('\u2068turned/שלום.png\u2069')),
    JSON.stringify(titles),
  );
  assert.ok(
    titles.every((title) => !title.includes('\u202e')),
    JSON.stringify(titles),
  );
  for (const selector of ['.chosen-path', '.chosen-identity']) {
    assert.equal(
      await page.locator(selector).evaluate((element) => getComputedStyle(element).unicodeBidi),
      'isolate',
      selector,
    );
  }
  await page.context().close();
});

/** Numbers of each row of a `.npy` file. */
const WIDTH = 16;

/**
 * A .npy file and the labels that belong to it.
 * @param {string} into
 * @param {number} queries
 * @param {number} gallery
 */
function writeEmbeddings(into, queries, gallery) {
  const rows = queries + gallery;
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${WIDTH}), }`;
  const padded = `${header.padEnd(118 - 1)}\n`;
  const head = Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([padded.length & 255, padded.length >> 8]),
    Buffer.from(padded),
  ]);
  const values = Float32Array.from({ length: rows * WIDTH }, (_, at) => Math.sin(at * 12.9898) * 0.5);
  const lines = Array.from(
    { length: rows },
    (_, row) =>
      `set/${String(row % 500).padStart(4, '0')}/${row}.jpg,${row < queries ? 'query' : 'gallery'},${row % 500},${row % 6}\n`,
  );
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, 'many.npy'), Buffer.concat([head, Buffer.from(values.buffer)]));
  writeFileSync(join(into, 'many.csv'), `path,set,identity,camera\n${lines.join('')}`);
}

test('9,000 × 1,000 scores are written part by part where a person wishes, with progress, without a task of 100 ms', {
  timeout: 300_000,
}, async () => {
  const own = join(folder, 'many');
  writeEmbeddings(own, 9000, 1000);
  const page = await open(host);
  await page.getByTestId('input-embeddings').setInputFiles(['many.npy', 'many.csv'].map((name) => join(own, name)));
  await page.waitForFunction(
    () => document.querySelector('[data-zone=query] .zone-count')?.textContent === '9,000',
    undefined,
    { timeout: 60_000 },
  );
  await page.waitForFunction(
    () =>
      !(/** @type {HTMLButtonElement} */ (document.querySelector('[data-export=scores]')).disabled) &&
      !document.querySelector('#metrics[aria-busy=true]'),
    undefined,
    { timeout: 60_000 },
  );
  await page.evaluate(() => {
    const place = { bytes: 0, first: '', last: '', closed: false, aborted: false };
    const decoder = new TextDecoder();
    Object.assign(window, {
      place,
      showSaveFilePicker: async () => ({
        createWritable: async () => ({
          write: async (/** @type {string | Uint8Array} */ part) => {
            const text = typeof part === 'string' ? part : decoder.decode(part);
            place.first ||= text;
            place.last = text.slice(-200);
            place.bytes += typeof part === 'string' ? part.length : part.byteLength;
          },
          close: async () => (place.closed = true),
          abort: async () => (place.aborted = true),
        }),
      }),
    });
  });
  const text = () =>
    page.evaluate(() => document.querySelector('.save-progress:not([hidden]) .save-text')?.textContent ?? '');
  const place = () => page.evaluate(() => /** @type {any} */ (window).place);
  const click = (/** @type {string} */ selector) =>
    page.evaluate((one) => /** @type {HTMLElement} */ (document.querySelector(one)).click(), selector);

  await click('[data-export=scores]');
  await eventually(async () => assert.match(await text(), /^Saving scores\.csv, \d+%$/));
  await click('.save-cancel');
  await eventually(async () => assert.equal((await place()).aborted, true));
  await eventually(async () => assert.equal(await text(), ''));

  await page.evaluate(() => Object.assign(/** @type {any} */ (window).place, { bytes: 0, first: '' }));
  const tasks = await mainThreadTasks(host.browser, async () => {
    await click('[data-export=scores]');
    for (const end = Date.now() + 200_000; !(await place()).closed && Date.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 500));
  });
  const { bytes, first, last, closed } = await place();
  assert.ok(closed);
  assert.equal(
    first.split('\n')[0],
    'query,query_identity,query_camera,gallery,gallery_identity,gallery_camera,similarity',
  );
  assert.match(last, /set\/0499\/8999\.jpg,499,5,set\/0499\/9999\.jpg,499,3,-?[\d.]+\n$/);
  assert.ok(bytes > 9_000_000 * 50, `${bytes} bytes`);
  assert.ok(Math.max(...tasks) < 100, `${Math.max(...tasks)} ms`);
  await page.context().close();
});
