/** What counts as a match, and what the page says where nothing does. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { cell, oneCamera, openImages, openStudy, unit } from '../helpers/made-embeddings.js';
import { drop, embedded, eventually, fixture, loadModel, open, saved, start } from '../helpers/page.js';

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
/** @type {string} a folder for files that are dropped */
let folder;
before(async () => {
  host = await start();
  folder = mkdtempSync(join(tmpdir(), 'reid-web-judgement-'));
});
after(() => {
  rmSync(folder, { recursive: true });
  return host.close();
});

/** @typedef {import('../helpers/made-embeddings.js').Image} Image */

test('one camera for everything: the page and the report say in numbers why there are none, the switch beside it', async () => {
  const page = await openImages(host, folder, oneCamera());
  const why = 'all 12 matches are from the query’s own camera';
  await eventually(async () =>
    assert.equal(await page.locator('.metrics-note').innerText(), `n = 0: ${why}. Count images from the same camera`),
  );
  assert.equal(await page.getByTestId('unmatched-note').innerText(), '6 in the gallery only from the same camera');
  assert.match(await page.locator('.same-camera-note').innerText(), /12 pairs ignored/);
  await openStudy(page);
  assert.match(await page.locator('.study-note').innerText(), new RegExp(`No query can be evaluated: ${why}\\.`));
  assert.match(await saved(page, 'report'), new RegExp(`No query can be evaluated: ${why}\\.`));
  const file = JSON.parse(await saved(page, 'metrics'));
  assert.deepEqual(
    [file.matches, file.unmatchedBy],
    [
      { counted: 0, sameCamera: 12, sameFile: 0 },
      { notInGallery: 0, notAmongLabelled: 0, notEmbedded: 0, sameCamera: 6, sameFile: 0 },
    ],
  );

  await page.getByRole('button', { name: 'Count images from the same camera' }).click();
  const all = 'n = 6 of 6 queries; Rank-10 covers the whole gallery of 6 images.';
  await eventually(async () => assert.equal(await page.locator('.metrics-note').innerText(), all));
  assert.equal(await page.locator('#remove-same-camera').isChecked(), false);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('sets without a common identity, and without identities, say so', async () => {
  for (const [identities, words] of /** @type {[(string | null)[], string][]} */ ([
    [['a', 'b', 'c', 'd'], 'none of the 2 queries with an identity is in the gallery.'],
    [[null, '-1', 'c', 'd'], 'none of the 2 queries has an identity; 1 is junk (−1).'],
    [['a', 'b', null, null], 'none of the 2 gallery images has an identity.'],
  ])) {
    const page = await openImages(
      host,
      folder,
      identities.map((identity, at) => [at < 2 ? 'query' : 'gallery', identity, null, unit(at)]),
    );
    await eventually(async () => assert.equal(await page.getByTestId('metrics-reason').innerText(), `: ${words}`));
    assert.equal(await page.locator('.count-same-camera').isVisible(), false);
    await page.context().close();
  }
});

test('a query that is not in the gallery has a mark of its own, and no gallery image a tick or a cross', async () => {
  const page = await openImages(host, folder, [
    ['query', 'a', null, unit(0)],
    ['query', 'z', null, unit(2)],
    ['query', null, null, unit(4)],
    ['gallery', 'a', null, unit(0)],
    ['gallery', 'b', null, unit(3)],
  ]);
  const tile = (/** @type {number} */ at) => page.locator(`#query-list .tile[data-path="query/${at}.png"]`);
  const mark = (/** @type {number} */ at) => tile(at).locator('use').getAttribute('href');
  await eventually(async () =>
    assert.deepEqual([await mark(0), await mark(1), await mark(2)], ['#icon-tick', '#icon-absent', null]),
  );
  assert.match((await tile(1).getAttribute('aria-label')) ?? '', /not in the gallery/);
  const judged = () =>
    page
      .locator('#rank-list li')
      .evaluateAll((rows) => rows.map((row) => /** @type {HTMLElement} */ (row).dataset.match));
  await eventually(async () => assert.deepEqual(await judged(), ['true', 'false']));

  await tile(1).click();
  await eventually(async () => assert.deepEqual(await judged(), ['unknown', 'unknown']));
  assert.match(await page.locator('#ranks-note').innerText(), /2 of 2; this identity is not in the gallery/);
  assert.equal(await page.locator('.first-match').innerText(), 'not in the gallery');
  assert.equal(await page.locator('#rank-list use[href]').count(), 0);
  await page.locator('#rank-list .rank').first().click();
  assert.match(
    await page.locator('.large-verdict').innerText(),
    /^Rank 1 of 2, similarity .*, ⊘ the query is not in the gallery$/,
  );
  await page.keyboard.press('Escape');
  await tile(2).click();
  await eventually(async () => assert.equal(await page.locator('.first-match').innerText(), 'unknown'));
  assert.deepEqual(await judged(), ['unknown', 'unknown']);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('with gallery images that have no identity, a query may be among them', async () => {
  const page = await openImages(host, folder, [
    ['query', 'a', null, unit(0)],
    ['query', 'z', null, unit(2)],
    ['gallery', 'a', null, unit(0)],
    ['gallery', null, null, unit(3)],
  ]);
  const words = 'not among the labelled gallery images';
  await eventually(async () => assert.equal(await page.getByTestId('unmatched-note').innerText(), `1 ${words}`));
  assert.match((await page.locator('#query-list .tile').nth(1).getAttribute('aria-label')) ?? '', new RegExp(words));
  const unlabelled = '1 gallery image has no identity and is never a match';
  const small = 'Rank-5 and Rank-10 cover the whole gallery';
  assert.equal(
    await page.locator('.metrics-note').innerText(),
    `n = 1 of 2 queries; ${unlabelled}; ${small} of 2 images.`,
  );
  await openStudy(page);
  await eventually(async () => assert.ok((await page.locator('.study-note').innerText()).includes(`${unlabelled}.`)));
  assert.ok((await saved(page, 'report')).includes(`<dd>${unlabelled}</dd>`));
  await page.context().close();
});

test('a match that could not be read is not said to be absent, and what is missing is counted everywhere', async () => {
  const set = join(folder, 'missing');
  for (const name of ['query0/0000001', 'query0/0000002', 'gallery0/0000001'])
    cpSync(fixture(`page/folders/${name}`), join(set, name), { recursive: true });
  for (const name of ['query0/0000001', 'gallery0/0000002']) {
    mkdirSync(join(set, name), { recursive: true });
    writeFileSync(join(set, name, 'broken.png'), 'no picture');
  }
  const page = await open(host);
  await loadModel(page);
  await drop(page, '[data-testid=drop-dataset]', [set]);
  await page.locator('.tile[data-status=failed]').nth(1).waitFor();
  const queries = await page.locator('#query-list .tile').count();
  await embedded(page, queries + 2);
  const missing = '1 query and 1 gallery image have no embedding';
  const lost = await page.locator('#query-list .tile[data-path*="0000002"]').count();
  const words = 'in the gallery only as images without an embedding';
  await eventually(async () => assert.equal(await page.getByTestId('unmatched-note').innerText(), `${lost} ${words}`));
  assert.equal(
    await page.locator('.metrics-note').innerText(),
    `n = ${queries - 1 - lost} of ${queries} queries; ${missing}; Rank-1, Rank-5 and Rank-10 cover the whole gallery of 1 image.`,
  );
  await openStudy(page);
  await eventually(async () => assert.ok((await page.locator('.study-note').innerText()).includes(`${missing}.`)));
  const findings = await page.locator('.findings').innerText();
  assert.match(
    findings,
    /2 images have no embedding, so they were not checked for repeated files, near-duplicates and suspicious labels/,
  );
  assert.doesNotMatch(findings, /distractors|not in the gallery|No problems found/);
  const { notEmbedded, unmatchedBy } = JSON.parse(await saved(page, 'metrics'));
  assert.deepEqual([notEmbedded, unmatchedBy.notEmbedded], [{ queries: 1, gallery: 1 }, lost]);
  assert.ok((await saved(page, 'report')).includes(`<dt>Not included</dt><dd>${missing}</dd>`));
  await page.context().close();
});

test('before any image has an embedding, none is said to be without fault', async () => {
  const page = await open(host);
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders/query0'), fixture('page/folders/gallery0')]);
  await page.locator('#gallery-list .tile').first().waitFor();
  await page.locator('#study > summary').click();
  await eventually(async () => assert.match(await page.locator('.findings').innerText(), /images have no embedding/));
  assert.doesNotMatch(await page.locator('.findings').innerText(), /No problems found/);
  await page.context().close();
});

test('what refinements change stands beside what the other panels show', async () => {
  const images = /** @type {Image[]} */ (
    [...Array(24).keys()].map((at) => [
      at < 8 ? 'query' : 'gallery',
      String(at % 4),
      null,
      [Math.cos(at * at), Math.sin(at * 3), at % 4 ? 0.4 : 0.9],
    ])
  );
  const page = await openImages(host, folder, images);
  await openStudy(page);
  assert.equal(await page.getByTestId('study-comparison').isVisible(), false);
  await page.getByLabel('k-reciprocal re-ranking').check();
  const sentence =
    'With k-reciprocal re-ranking, k1 20, k2 6, λ 0.3. The ranks, the heat map and the metrics outside this section ' +
    'are without refinements.';
  await eventually(async () => assert.equal(await page.getByTestId('study-comparison').innerText(), sentence));
  assert.deepEqual(await page.locator('.study-table thead th').allInnerTexts(), [
    'Metric',
    'With refinements',
    '95 % interval',
    'Without',
    'Change',
  ]);
  for (const [name, key] of [
    ['Rank-1', 'rank-1'],
    ['Rank-5', 'rank-5'],
    ['mAP', 'map'],
    ['mAP, trapezoidal', 'map-trapezoidal'],
  ]) {
    assert.equal(await cell(page, name).nth(2).innerText(), await page.getByTestId(`metric-${key}`).innerText(), name);
  }
  assert.notEqual(await cell(page, 'mAP').nth(0).innerText(), await cell(page, 'mAP').nth(2).innerText());
  assert.equal(await page.locator('.verification .study-comparison').innerText(), sentence);
  const { comparison, meanAveragePrecision } = JSON.parse(await saved(page, 'metrics'));
  assert.equal(comparison.plain.meanAveragePrecision.toFixed(3), await page.getByTestId('metric-map').innerText());
  assert.notEqual(comparison.plain.meanAveragePrecision, meanAveragePrecision);
  assert.ok(await page.locator('.exports-note').isVisible());
  assert.match(await saved(page, 'report'), /With refinements.*95 % interval.*Without.*Change/);
  await page.getByLabel('Average each identity’s query images').check();
  await page.getByText('Averaged queries differ from the original ones').waitFor();
  assert.equal(await cell(page, 'mAP').nth(2).innerText(), await page.getByTestId('metric-map').innerText());
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('an interval without spread says so, on the page and in the report', async () => {
  const page = await openImages(
    host,
    folder,
    oneCamera().map(([set, identity, , embedding]) => [set, identity, null, embedding]),
  );
  await openStudy(page);
  await eventually(async () => assert.equal(await cell(page, 'Rank-1').nth(1).innerText(), 'no spread'));
  const words =
    'No spread: every resample has the same value. That proves little: with 3 identities, up to 63 % of all ' +
    'identities could still give another value (95 % confidence).';
  assert.ok((await page.locator('.study-note').innerText()).includes(words));
  const report = await saved(page, 'report');
  assert.ok(report.includes(words) && !report.includes('1.000 to 1.000'));
  await page.context().close();
});

test('the same folder on both sets: no image finds itself, and the page says how many pairs that concerns', async () => {
  const page = await open(host);
  await loadModel(page);
  for (const set of ['query', 'gallery']) {
    await drop(page, `[data-testid=drop-${set}]`, [
      fixture('page/folders/query0/0000001'),
      fixture('page/folders/query0/0000002'),
    ]);
  }
  const images = await page.locator('#query-list .tile').count();
  await embedded(page, 2 * images);
  await eventually(async () =>
    assert.equal(await page.getByTestId('same-file-count').innerText(), `${images} pairs left out`),
  );
  assert.equal(await page.getByTestId('metric-n').innerText(), `n = ${images} of ${images} queries`);
  await page.locator('#query-list .tile').nth(1).click();
  await eventually(async () => {
    const paths = await page
      .locator('#rank-list li')
      .evaluateAll((rows) => rows.map((row) => /** @type {HTMLElement} */ (row).dataset.path));
    assert.equal(paths.length, images - 1);
    assert.ok(
      !paths.includes((await page.locator('#query-list [aria-selected=true]').getAttribute('data-path')) ?? ''),
    );
  });
  await page.getByTestId('heat-map').focus();
  await eventually(async () =>
    assert.match(await page.locator('.heat-map-value').innerText(), /the same file, excluded/),
  );
  const ranks = (await saved(page, 'ranks')).trim().split('\n');
  assert.equal(ranks.length, 1 + images * (images - 1));
  await openStudy(page);
  assert.match(
    await page.locator('.study-note').innerText(),
    new RegExp(`Same file as the query: ${images} pairs left out\\.`),
  );
  assert.match(await saved(page, 'report'), new RegExp(`Same file as the query</dt><dd>${images} pairs left out`));
  assert.equal(JSON.parse(await saved(page, 'metrics')).sameFile, images);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
