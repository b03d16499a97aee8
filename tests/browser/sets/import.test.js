/** Embeddings from files: the same numbers as from images, without an image and without a model. */
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, test } from 'node:test';
import { EXPECTED, assertPythonsNumbers, dropAll, npy, writerOf } from '../helpers/embedding-files.js';
import {
  embedded,
  eventually,
  fixture,
  open,
  openFolders,
  problems,
  saved,
  savedFiles,
  start,
} from '../helpers/page.js';

const MALFORMED = readdirSync(fixture('exchange/malformed'));

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
/** @type {string} a folder for files that are dropped */
let folder;
before(async () => {
  host = await start();
  folder = mkdtempSync(join(tmpdir(), 'reid-web-import-'));
});
after(() => {
  rmSync(folder, { recursive: true });
  return host.close();
});

const { write, pair } = writerOf(() => folder);

test("a .npy file and its labels: Python's numbers without an image and without a model; the sample steps aside", async () => {
  const page = await open(host, { query: '?device=cpu' });
  await page.locator('#sample:not([hidden])').waitFor();
  await dropAll(page, pair('embeddings'));
  await page
    .getByTestId('notice')
    .getByText('27 query and 8 gallery embeddings of dimension 48 from embeddings.npy, 9 identities, no cameras')
    .waitFor();
  await assertPythonsNumbers(page);
  await page.locator('#sample').waitFor({ state: 'hidden' });
  await page.locator('#model-card').waitFor({ state: 'hidden' });
  await page.locator(`.tile[data-path="${EXPECTED.query[1]}"]`).click();
  await eventually(async () => {
    const ranked = await page
      .locator('#rank-list li')
      .evaluateAll((rows) => rows.map((row) => /** @type {HTMLElement} */ (row).dataset.path));
    assert.deepEqual(
      ranked,
      EXPECTED.perQuery[1].ranked.map((/** @type {number} */ at) => EXPECTED.gallery[at]),
    );
  });
  assert.match(await page.locator('.chosen-path').innerText(), /embedding from embeddings\.npy$/);
  assert.equal(await page.locator('.chosen-frame .no-image').isVisible(), true);
  await page.locator('#study > summary').click();
  await page.locator('[data-testid=threshold-meaning] li').first().waitFor();
  await page.locator('.chosen-frame').click();
  assert.equal(await page.locator('#large .no-image').count(), 2);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('what is dropped while the sample is still on its way puts it away without a word', async () => {
  const page = await open(host, { context: { serviceWorkers: 'block' } });
  let late = 0;
  await page.route('**/samples/**/*.jpg', async (route) => {
    late += 1;
    await new Promise((resolve) => setTimeout(resolve, 2000));
    await route.continue().catch(() => {});
  });
  await page.goto(`${host.address}?device=cpu`);
  await eventually(async () => assert.ok(late > 0));
  await dropAll(page, [fixture('page/embeddings.json')]);
  await assertPythonsNumbers(page);
  await page.waitForTimeout(2500);
  await assertPythonsNumbers(page);
  assert.deepEqual(await problems(page), []);
  await page.context().close();
});

test('what the page saves comes back with the same scores, in all three formats', async () => {
  const page = await openFolders(host);
  const scores = (/** @type {string} */ text) =>
    text
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.split(',').at(-1));
  const before = scores(await saved(page, 'scores'));
  const model = JSON.parse(await saved(page, 'embeddings')).model;
  /** @type {string[]} */
  const files = [];
  for (const [what, count] of /** @type {const} */ ([
    ['embeddings', 1],
    ['npy', 2],
    ['mat', 1],
  ])) {
    for (const { name, bytes } of await savedFiles(page, what, count)) {
      files.push(join(folder, name));
      writeFileSync(join(folder, name), bytes);
    }
  }
  await page.context().close();
  for (const ending of ['json', 'npy', 'mat']) {
    const other = await open(host);
    await dropAll(
      other,
      files.filter((file) => file.endsWith(ending) || (ending === 'npy' && file.endsWith('csv'))),
    );
    await assertPythonsNumbers(other);
    assert.deepEqual(scores(await saved(other, 'scores')), before, ending);
    const metricsFile = JSON.parse(await saved(other, 'metrics'));
    assert.deepEqual(metricsFile.model, ending === 'json' ? model : null);
    assert.equal(metricsFile.device, null);
    assert.deepEqual(other.errors, []);
    await other.context().close();
  }
});

test('the page and the command line agree in every number of a study', async () => {
  const page = await open(host);
  await dropAll(page, [fixture('page/embeddings.json')]);
  await assertPythonsNumbers(page);
  agree(
    JSON.parse(await saved(page, 'metrics')),
    JSON.parse(readFileSync(fixture('page/study.json'), 'utf8')),
    'study',
  );
  const tables = await savedFiles(page, 'tables', 2);
  assert.deepEqual(
    tables.map(({ name }) => name),
    ['metrics.csv', 'metrics.queries.csv'],
  );
  for (const [at, name] of ['study.csv', 'study.queries.csv'].entries())
    assert.equal(tables[at].bytes.toString(), readFileSync(fixture(`page/${name}`), 'utf8'), name);
  await page.context().close();
});

/**
 * The same keys and numbers. Rust writes an F32 with the digits that it needs, JavaScript with those of an F64.
 * @param {any} found
 * @param {any} expected
 * @param {string} where
 */
function agree(found, expected, where) {
  if (typeof expected === 'number') {
    assert.ok(found === expected || found === Math.fround(expected), `${where}: ${found} instead of ${expected}`);
  } else if (expected === null || typeof expected !== 'object') {
    assert.equal(found ?? null, expected, where);
  } else {
    assert.deepEqual(Object.keys(found).sort(), Object.keys(expected).sort(), where);
    for (const key of Object.keys(expected)) agree(found[key], expected[key], `${where}.${key}`);
  }
}

test("files can be chosen; CLIP-HandID's .mat has identities and, where known, cameras", async () => {
  const page = await open(host);
  const { images } = JSON.parse(readFileSync(fixture('exchange/expected.json'), 'utf8')).sets['mat/baseline.mat'];
  await page.getByTestId('input-embeddings').setInputFiles(fixture('exchange/mat/baseline.mat'));
  await embedded(page, images.length);
  await page
    .getByTestId('notice')
    .getByText(/ from baseline\.mat, .*camera/)
    .waitFor();
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('malformed files are named with what is wrong; the rest goes on', async () => {
  const page = await open(host);
  const single = MALFORMED.filter((name) => /\.mat$/.test(name)).map((name) => fixture(`exchange/malformed/${name}`));
  const broken = write('bad/broken.json', '{"images": [{"path"');
  await dropAll(page, [...single, broken, ...pair('good')]);
  await assertPythonsNumbers(page);
  const listed = await problems(page);
  assert.equal(listed.length, single.length + 1);
  for (const file of [...single, broken])
    assert.ok(
      listed.some(({ file: name, reason }) => name === basename(file) && reason.length > 20),
      file,
    );
  for (const name of MALFORMED.filter((one) => one.endsWith('.npy'))) {
    const labels = write(name.replace('.npy', '.csv'), 'path,set\na.jpg,query\n');
    await dropAll(page, [fixture(`exchange/malformed/${name}`), labels]);
    await page.locator(`.problem[data-file="${name}"]`).waitFor();
  }
  await assertPythonsNumbers(page);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a .npy file without labels, and labels without a .npy file, say what is missing', async () => {
  const page = await open(host);
  const [matrix, labels] = pair('lonely');
  await dropAll(page, [matrix]);
  await page
    .getByTestId('notice')
    .getByText('lonely.npy: Its labels are missing: drop it together with lonely.csv')
    .waitFor();
  await dropAll(page, [labels]);
  await page
    .getByTestId('notice')
    .getByText('lonely.csv: A .csv file alone has no embeddings: drop it together with lonely.npy')
    .waitFor();
  await eventually(async () =>
    assert.deepEqual(
      (await problems(page)).map(({ file }) => file),
      ['lonely.npy', 'lonely.csv'],
    ),
  );
  await page.context().close();
});

test('embeddings of another width are refused, and what is here stays', async () => {
  const page = await open(host);
  await dropAll(page, pair('wide'));
  await assertPythonsNumbers(page);
  await dropAll(page, [
    write(
      'narrow.npy',
      npy([
        [1, 0],
        [0, 1],
      ]),
    ),
    write('narrow.csv', 'path,set\na.jpg,query\nb.jpg,gallery\n'),
  ]);
  await page
    .locator('.problem[data-file="narrow.npy"]')
    .getByText('Its embeddings have 2 dimensions, the others 48')
    .waitFor();
  await assertPythonsNumbers(page);
  await page.context().close();
});
