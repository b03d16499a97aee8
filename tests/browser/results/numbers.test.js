/**
 * Every number on the screen and in the saved files equals Python's (tests/reference/evaluation/make_page_fixtures.py):
 * transformers and Pillow for the embeddings, numpy for what follows from them.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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
  saved,
  savedFiles,
  start,
} from '../helpers/page.js';

const EXPECTED = JSON.parse(readFileSync(fixture('page/expected.json'), 'utf8'));
/** Largest difference of an embedding's element to Python's, and of a similarity, a sum of 48 products. */
const EMBEDDING_TOLERANCE = 1e-5;
const SIMILARITY_TOLERANCE = 2e-5;

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
before(async () => {
  host = await start();
});
after(() => host.close());

/** Metrics as the page names them, from a reference. @param {any} reference */
function pageMetrics({ cmc, meanAveragePrecision, meanAveragePrecisionTrapezoidal }) {
  const at = (/** @type {number} */ k) => cmc[Math.min(k, cmc.length) - 1];
  return {
    'rank-1': at(1),
    'rank-5': at(5),
    'rank-10': at(10),
    map: meanAveragePrecision,
    'map-trapezoidal': meanAveragePrecisionTrapezoidal,
  };
}

/**
 * @param {Record<string, number | null>} found
 * @param {Record<string, number>} expected
 */
function assertMetrics(found, expected) {
  for (const [name, value] of Object.entries(expected)) {
    assert.ok(Math.abs((found[name] ?? NaN) - value) < 1e-12, `${name}: ${found[name]} instead of ${value}`);
  }
}

/**
 * Every similarity, embedding and rank, and the metrics of each query.
 *
 * @param {import('playwright-core').Page} page
 * @param {any} expected
 * @param {string} folder  that was dropped: the beginning of every path
 */
async function assertAllNumbers(page, expected, folder) {
  const scores = (await saved(page, 'scores'))
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));
  assert.equal(scores.length, expected.query.length * expected.gallery.length);
  for (const [query, , , image, , , similarity] of scores) {
    const row = expected.query.indexOf(query.slice(folder.length + 1));
    const column = expected.gallery.indexOf(image.slice(folder.length + 1));
    const difference = Math.abs(Number(similarity) - expected.similarities[row][column]);
    assert.ok(difference <= SIMILARITY_TOLERANCE, `${query} ${image}: ${difference}`);
  }

  const { images } = JSON.parse(await saved(page, 'embeddings'));
  assert.equal(images.length, expected.query.length + expected.gallery.length);
  for (const { path, embedding } of images) {
    const reference = expected.embeddings[path.slice(folder.length + 1)];
    const differences = embedding.map((/** @type {number} */ value, /** @type {number} */ at) =>
      Math.abs(value - reference[at]),
    );
    assert.ok(Math.max(...differences) <= EMBEDDING_TOLERANCE, `${path}: ${Math.max(...differences)}`);
  }

  const evaluation = JSON.parse(await saved(page, 'metrics'));
  for (const name of ['labelled', 'unmatched', 'junk']) assert.equal(evaluation[name], expected[name], name);
  assert.deepEqual(evaluation.cmc, expected.drop.cmc);
  for (const query of evaluation.perQuery) {
    const reference = expected.perQuery[expected.query.indexOf(query.query.slice(folder.length + 1))];
    assert.equal(query.best?.slice(folder.length + 1), expected.gallery[reference.ranked[0]]);
    for (const name of ['firstMatchRank', 'averagePrecision', 'averagePrecisionTrapezoidal']) {
      const difference = query[name] === reference[name] ? 0 : Math.abs(query[name] - reference[name]);
      assert.ok(difference < 1e-12, `${query.query} ${name}: ${query[name]} instead of ${reference[name]}`);
    }
  }
}

/**
 * The shown rank list of a query.
 * @param {import('playwright-core').Page} page
 */
const shownRanks = (page) =>
  page.locator('#rank-list li').evaluateAll((rows) =>
    rows.map((row) => {
      const { path, rank, similarity, match } = /** @type {HTMLElement} */ (row).dataset;
      const text = row.querySelector('.rank-similarity')?.textContent;
      return { path, rank: Number(rank), similarity: Number(similarity), match, text };
    }),
  );

test("folders of identities: numbers equal Python's, with either policy for unmatched queries", async () => {
  const page = await open(host);
  await loadModel(page);
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await page.getByTestId('notice').getByText('27 query and 8 gallery images, 9 identities from folder names').waitFor();
  await embedded(page, 35);
  const expected = EXPECTED.folders;
  await eventually(async () => {
    assert.equal(await page.getByTestId('metric-n').innerText(), 'n = 24 of 27 queries');
    assert.equal(await page.getByTestId('unmatched-count').innerText(), '3');
    assertMetrics(await metrics(page), pageMetrics(expected.drop));
  });
  await assertAllNumbers(page, expected, 'folders');

  await page.selectOption('#unmatched', 'zero');
  await eventually(async () => {
    assert.equal(await page.getByTestId('metric-n').innerText(), 'n = 27 of 27 queries');
    assertMetrics(await metrics(page), pageMetrics(expected.zero));
  });
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test("each query's shown rank list is Python's, marked right and wrong where it has a match", async () => {
  const page = await openFolders(host);
  const { query, gallery, perQuery, similarities } = EXPECTED.folders;
  for (const [row, path] of query.entries()) {
    const tile = page.locator(`.tile[data-path="folders/${path}"]`);
    // A click on the chosen query would open it large.
    if ((await tile.getAttribute('aria-selected')) === 'false') await tile.click();
    await eventually(async () => {
      const ranks = await shownRanks(page);
      assert.deepEqual(
        ranks.map((rank) => rank.path),
        perQuery[row].ranked.map((/** @type {number} */ at) => `folders/${gallery[at]}`),
      );
      for (const [position, { path: image, rank, similarity, match, text }] of ranks.entries()) {
        const expected = similarities[row][perQuery[row].ranked[position]];
        assert.equal(rank, position + 1);
        assert.ok(Math.abs(similarity - expected) <= SIMILARITY_TOLERANCE);
        assert.equal(text, similarity.toFixed(3).replace('-', '−'));
        const isMatch = String(image?.split('/')[2] === path.split('/')[1]);
        assert.equal(match, perQuery[row].firstMatchRank === null ? 'unknown' : isMatch);
      }
    });
  }
  await page.context().close();
});

test('another run of the dropped data set takes the place of the first', async () => {
  const page = await openFolders(host);
  await page.getByTestId('choose-run').selectOption('0 true');
  await embedded(page, 37);
  const expected = EXPECTED['folders with distractors'];
  await page.getByTestId('metric-n').getByText('n = 24 of 27 queries').waitFor();
  await eventually(async () => assertMetrics(await metrics(page), pageMetrics(expected.drop)));
  await assertAllNumbers(page, expected, 'folders');
  await page.context().close();
});

test('Market-1501 file names: junk, distractors and same-camera images count as the protocol says', async () => {
  const page = await open(host);
  await loadModel(page);
  await drop(page, 'main', [fixture('page/market')]);
  await page.getByTestId('notice').getByText('12 query and 20 gallery images').waitFor();
  await embedded(page, 32);
  await page.getByTestId('metric-n').getByText('n = 12 of 12 queries').waitFor();
  await eventually(async () => assertMetrics(await metrics(page), pageMetrics(EXPECTED.market.drop)));
  assert.equal(await page.getByTestId('junk-count').innerText(), '3 images');
  await assertAllNumbers(page, EXPECTED.market, 'market');
  await page.context().close();
});

test('the heat map shows every pair, and opens its query', async () => {
  const page = await openFolders(host);
  const canvas = page.getByTestId('heat-map');
  await canvas.waitFor();
  await canvas.focus();
  const { query, gallery, similarities } = EXPECTED.folders;
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight', 'ArrowDown', 'ArrowLeft']) {
    await page.keyboard.press(key);
    const [row, column] = ((await canvas.getAttribute('title')) ?? '')
      .split(' × ')
      .map((path) => path.replace('folders/', ''));
    const expected = similarities[query.indexOf(row)][gallery.indexOf(column)].toFixed(3).replace('-', '−');
    const shown = await page.locator('.heat-map-value').innerText();
    assert.ok(shown.startsWith(expected), `${row} × ${column}: ${shown} instead of ${expected}`);
  }
  const opened = ((await canvas.getAttribute('title')) ?? '').split(' × ')[0];
  await page.keyboard.press('Enter');
  await eventually(async () => {
    assert.equal(await page.locator('#query-list [aria-selected=true]').getAttribute('data-path'), opened);
  });
  await page.context().close();
});

test('embeddings and ranks are saved for numpy, MATLAB and tables', async () => {
  const page = await openFolders(host);
  const { images } = JSON.parse(await saved(page, 'embeddings'));
  const files = await savedFiles(page, 'npy', 2);
  assert.deepEqual(
    files.map(({ name }) => name),
    ['embeddings.npy', 'embeddings.csv'],
  );
  const [npy, csv] = files.map(({ bytes }) => bytes);
  const { rows, columns: dim, values } = matrixOf(npy);
  const lines = csv.toString().trim().split('\n');
  assert.deepEqual(
    [rows, lines.length - 1, lines[0]],
    [images.length, images.length, 'path,set,identity,camera,content'],
  );
  const byPath = new Map(images.map((/** @type {any} */ image) => [image.path, image.embedding]));
  lines.slice(1).forEach((line, row) => {
    const embedding = Array.from(values.slice(row * dim, (row + 1) * dim), (value) => Number(value.toPrecision(9)));
    assert.deepEqual(embedding, byPath.get(line.split(',')[0]), line);
  });

  const mat = await saved(page, 'mat');
  assert.ok(mat.startsWith('MATLAB 5.0 MAT-file'));
  const ranks = (await saved(page, 'ranks')).trim().split('\n');
  assert.equal(ranks[0], 'query,rank,gallery,similarity,is_match');
  const first = EXPECTED.folders.perQuery[0].ranked[0];
  assert.ok(
    ranks[1].startsWith(`folders/${EXPECTED.folders.query[0]},1,folders/${EXPECTED.folders.gallery[first]},`),
    ranks[1],
  );

  const [matrix, labels] = await savedFiles(page, 'similarities', 2);
  assert.deepEqual([matrix.name, labels.name], ['similarities.npy', 'similarities.csv']);
  assert.equal(labels.bytes.toString(), csv.toString());
  const { query, gallery, similarities } = EXPECTED.folders;
  const found = matrixOf(matrix.bytes);
  assert.deepEqual([found.rows, found.columns], [query.length, gallery.length]);
  lines.slice(1, 1 + query.length).forEach((line, row) =>
    gallery.forEach((/** @type {string} */ _, /** @type {number} */ column) => {
      const paths = [line, lines[1 + query.length + column]].map((one) => one.split(',')[0].slice('folders/'.length));
      const expected = similarities[query.indexOf(paths[0])][gallery.indexOf(paths[1])];
      assert.ok(
        Math.abs(found.values[row * gallery.length + column] - expected) <= SIMILARITY_TOLERANCE,
        paths.join(' '),
      );
    }),
  );
  await page.context().close();
});

/** A `.npy` file of float32, read. @param {Buffer} file */
function matrixOf(file) {
  const [, rows, columns] = (
    /'descr': '<f4', 'fortran_order': False, 'shape': \((\d+), (\d+)\)/.exec(file.toString('latin1')) ?? []
  ).map(Number);
  const start = file.byteOffset + 10 + file.readUInt16LE(8);
  return { rows, columns, values: new Float32Array(file.buffer.slice(start, file.byteOffset + file.length)) };
}
