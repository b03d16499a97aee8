/** Other protocols, read from the screen, for embeddings that the reference has as well. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { drop, embedded, eventually, fixture, open, start } from '../helpers/page.js';

/** @typedef {[mean: number, deviation: number | null][]} Numbers  Rank-1, Rank-5, Rank-10, mAP, mAP trapezoidal */

const EMBEDDED = JSON.parse(readFileSync(fixture('page/expected.json'), 'utf8'));
const EXPECTED = JSON.parse(readFileSync(fixture('page/protocols.json'), 'utf8'));

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
/** @type {string} a folder for files that are dropped */
let folder;
before(async () => {
  host = await start();
  folder = mkdtempSync(join(tmpdir(), 'reid-web-protocols-'));
});
after(() => {
  rmSync(folder, { recursive: true });
  return host.close();
});

/**
 * A visit with the reference's embeddings, the section open.
 * @param {'folders' | 'market'} name
 * @param {Parameters<typeof open>[1]} [options]
 */
async function openProtocols(name, options) {
  const { query, gallery, embeddings } = EMBEDDED[name];
  const paths = [...query, ...gallery];
  const { identities, cameras } = EXPECTED[name];
  const line = (/** @type {string} */ path, /** @type {number} */ at) =>
    [path, at < query.length ? 'query' : 'gallery', identities[at], cameras[at] ?? ''].join(',');
  const files = [join(folder, `${name}.npy`), join(folder, `${name}.csv`)];
  writeFileSync(files[0], npy(paths.map((path) => embeddings[path])));
  writeFileSync(files[1], `path,set,identity,camera\n${paths.map(line).join('\n')}\n`);
  const page = await open(host, options);
  await drop(page, '[data-testid=drop-dataset]', files);
  await embedded(page, paths.length);
  await page.locator('#study > summary').click();
  return page;
}

/** A matrix as numpy saves it. @param {number[][]} rows */
function npy(rows) {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows.length}, ${rows[0].length}), }`;
  const padded = `${header.padEnd(128 - 10 - 1)}\n`;
  const values = Float32Array.from(rows.flat());
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00', 'latin1'),
    Buffer.from([padded.length, 0]),
    Buffer.from(padded),
    Buffer.from(values.buffer),
  ]);
}

/** @param {import('playwright-core').Page} page @param {string} protocol */
const cells = (page, protocol) => page.locator(`[data-protocol=${protocol}] td`);

/** @param {Numbers} numbers */
const shown = (numbers) =>
  numbers.map(([mean, deviation]) => mean.toFixed(3) + (deviation === null ? '' : ` ± ${deviation.toFixed(3)}`));

/** @param {import('playwright-core').Page} page @param {Record<string, Numbers>} expected  by protocol */
const assertShown = (page, expected) =>
  eventually(async () => {
    for (const [protocol, numbers] of Object.entries(expected)) {
      assert.deepEqual(await cells(page, protocol).allTextContents(), shown(numbers), protocol);
      const exact = await cells(page, protocol).evaluateAll((found) =>
        found.map((cell) => Number(/** @type {HTMLElement} */ (cell).dataset.value)),
      );
      exact.forEach((value, at) => assert.ok(Math.abs(value - numbers[at][0]) < 1e-9, protocol));
    }
  });

/** @param {'folders' | 'market'} name @param {'drop' | 'zero'} policy @param {number} [draws]  which */
function expectedOf(name, policy, draws = 0) {
  const { asTheyAre, leaveOneOut, splits, singleGalleryShot } = EXPECTED[name];
  return {
    asTheyAre: asTheyAre[policy],
    leaveOneOut: leaveOneOut[policy],
    splits: splits[draws][policy],
    singleGalleryShot: singleGalleryShot[draws][policy],
  };
}

/** @param {import('playwright-core').Page} page @param {Record<string, number>} values  by name */
async function setDraws(page, values) {
  for (const [name, value] of Object.entries(values)) {
    await page.locator(`.protocol-draws [name=${name}]`).fill(String(value));
    await page.locator(`.protocol-draws [name=${name}]`).blur();
  }
}

for (const name of /** @type {const} */ (['folders', 'market'])) {
  test(`${name}: all protocols say what Python says, by either policy and other draws`, async () => {
    const page = await openProtocols(name);
    await assertShown(page, expectedOf(name, 'drop'));
    await page.locator('#unmatched').selectOption('zero');
    await assertShown(page, expectedOf(name, 'zero'));
    const { galleryImages, runs, seed } = EXPECTED[name].splits[1];
    await setDraws(page, { galleryImages, runs, seed });
    await assertShown(page, expectedOf(name, 'zero', 1));
    await page.locator('#unmatched').selectOption('drop');
    await assertShown(page, expectedOf(name, 'drop', 1));
    assert.deepEqual(page.errors, []);
    await page.context().close();
  });
}

test('identities that are too small are counted', async () => {
  const page = await openProtocols('folders');
  const note = page.getByTestId('protocols-note');
  await note
    .getByText('Each split has 26 queries and 9 gallery images of 9 identities. Every identity has enough images.')
    .waitFor();
  await setDraws(page, { galleryImages: 3 });
  await note
    .getByText('1 identity has too few images for a query: its 3 images are distractors in every gallery.')
    .waitFor();
  await page.context().close();
});

test('a protocol that cannot be followed says why, and the others stay', async () => {
  const page = await openProtocols('folders');
  await assertShown(page, expectedOf('folders', 'drop'));
  await setDraws(page, { galleryImages: 4 });
  const reason = cells(page, 'splits').first();
  await reason
    .getByText(/no identity has more than 4 images: they would all be in the gallery, and no query would be left/)
    .waitFor();
  assert.equal(await cells(page, 'splits').count(), 1);
  assert.equal(await page.getByTestId('protocols-note').innerText(), '');
  const { splits, ...others } = expectedOf('folders', 'drop');
  await assertShown(page, others);
  await setDraws(page, { galleryImages: 1 });
  await assertShown(page, { splits });
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a name opens what it means', async () => {
  const page = await openProtocols('folders');
  const name = page.getByRole('button', { name: 'Leave-one-out' });
  const meaning = page.getByText(
    'All images of both sets form one pool, and each of them is a query against all others.',
  );
  assert.equal(await meaning.isVisible(), false);
  await name.click();
  assert.equal(await meaning.isVisible(), true);
  assert.equal(await name.getAttribute('aria-expanded'), 'true');
  await name.click();
  assert.equal(await meaning.isVisible(), false);
  await page.context().close();
});

test('nothing is computed while the section is closed', async () => {
  const page = await openProtocols('folders');
  await assertShown(page, expectedOf('folders', 'drop'));
  await page.locator('#study > summary').click();
  await page.locator('#unmatched').selectOption('zero');
  const { asTheyAre, ...others } = expectedOf('folders', 'zero');
  await assertShown(page, { asTheyAre });
  const texts = await cells(page, 'singleGalleryShot').allTextContents();
  assert.deepEqual(texts, shown(expectedOf('folders', 'drop').singleGalleryShot));
  await page.locator('#study > summary').click();
  await assertShown(page, others);
  await page.context().close();
});

test('on a phone the table scrolls by itself', async () => {
  const page = await openProtocols('folders');
  await assertShown(page, expectedOf('folders', 'drop'));
  await page.setViewportSize({ width: 390, height: 844 });
  const frame = page.locator('.protocols .table-frame');
  await eventually(async () => assert.ok(await frame.evaluate((element) => element.scrollWidth > element.clientWidth)));
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await page.context().close();
});
