/** Thresholds, verification and refinements, read from the screen. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { drop, embedded, eventually, fixture, loadModel, open, saved, start } from '../helpers/page.js';

const EXPECTED = JSON.parse(readFileSync(fixture('page/expected.json'), 'utf8')).folders;
const IMAGES = 35;

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
before(async () => {
  host = await start();
});
after(() => host.close());

async function openStudy() {
  const page = await open(host);
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await loadModel(page);
  await embedded(page, IMAGES);
  await page.locator('#study > summary').click();
  await page.locator('[data-testid=threshold-meaning] li').first().waitFor();
  return page;
}

/** @param {import('playwright-core').Page} page @param {string} name */
const cell = (page, name) =>
  page
    .locator('.study-table tr')
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
    .locator('td');

test('the study says what Python says, with pairs counted and intervals around', async () => {
  const page = await openStudy();
  const shown = Number(await cell(page, 'mAP').first().getAttribute('data-value'));
  assert.equal(shown, EXPECTED.drop.meanAveragePrecision);
  assert.match(await cell(page, 'mAP').nth(1).innerText(), /^0\.\d{3} to [01]\.\d{3}$/);
  const identity = (/** @type {string} */ path) => path.split('/')[1];
  const right = EXPECTED.query.flatMap((/** @type {string} */ query) =>
    EXPECTED.gallery.filter((/** @type {string} */ image) => identity(query) === identity(image)),
  ).length;
  const wrong = EXPECTED.query.length * EXPECTED.gallery.length - right;
  assert.match(
    await page.locator('.study-note').innerText(),
    new RegExp(`${right} same-identity pairs, ${wrong} different-identity pairs`),
  );
  assert.equal(await page.locator('.study-change').first().isVisible(), false);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('the name of a number opens what it is, what it was taken over and the queries behind it', async () => {
  const page = await openStudy();
  const behind = (/** @type {string} */ name) => page.locator(`.study-table tr:has(button:text-is("${name}")) + tr`);
  for (const name of await page.locator('.study-table tbody th button').allInnerTexts()) {
    await page.getByRole('button', { name, exact: true }).click();
    assert.ok((await behind(name).locator('math').count()) > 0, name);
    assert.match(await behind(name).innerText(), /n = \d+ /, name);
  }
  const {
    perQuery,
    drop: { evaluated },
  } = EXPECTED;
  const missed = perQuery.filter(
    (/** @type {any} */ { firstMatchRank }) => firstMatchRank !== null && firstMatchRank > 1,
  );
  assert.ok(missed.length > 1);
  const shown = await behind('Rank-1').innerText();
  assert.ok(shown.includes(`n = ${evaluated} queries. ${missed.length} queries have no match within rank 1: `), shown);
  const ranks = missed
    .map((/** @type {any} */ { firstMatchRank }) => firstMatchRank)
    .sort((/** @type {number} */ a, /** @type {number} */ b) => b - a);
  const buttons = behind('Rank-1').getByRole('button');
  assert.deepEqual(
    await buttons.evaluateAll((all) => all.map((one) => /** @type {HTMLElement} */ (one).title)),
    ranks.slice(0, 12).map((/** @type {number} */ rank) => `first match at rank ${rank}`),
  );

  const path = await buttons.first().innerText();
  await buttons.first().click();
  await eventually(async () => assert.ok((await page.locator('#chosen').innerText()).includes(path.split('/')[0])));
  // What is open stays open over the next study, and closes by its name.
  await page.getByLabel('k-reciprocal re-ranking').check();
  await page
    .getByText(/quer(y has|ies have) a (better|worse) AP/)
    .first()
    .waitFor();
  assert.ok(await behind('EER').isVisible());
  await page.getByRole('button', { name: 'EER', exact: true }).click();
  assert.equal(await behind('EER').isVisible(), false);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a threshold that is chosen or moved says what it does', async () => {
  const page = await openStudy();
  const meaning = page.getByTestId('threshold-meaning');
  await page.locator('[name=target]').selectOption('falsePositiveRate');
  await page.locator('[name=rate]').fill('0');
  await page.locator('[name=rate]').press('Enter');
  await page.locator('[name=rate]').blur();
  await meaning.getByText(/^0 of \d+ different-identity pairs would be accepted/).waitFor();
  await page.locator('#threshold-slider').fill('-1');
  await meaning.getByText('0 of 24 same-identity pairs would be missed').waitFor();
  await meaning
    .getByText(`${EXPECTED.query.length} queries would be called a match, 0 “not in the gallery”.`)
    .waitFor();
  assert.equal(await page.getByTestId('threshold').innerText(), '−1.000');
  await page.context().close();
});

test('a number that cannot be meant is named, and stands in the way of nothing else', async () => {
  const page = await openStudy();
  const meaning = page.getByTestId('threshold-meaning');
  const error = page.locator('.threshold .field-error');
  const target = page.locator('[name=target]');
  const equal = await page.getByTestId('threshold').innerText();
  await target.selectOption('falsePositiveRate');
  for (const rate of ['5', '', '-1']) {
    await page.locator('[name=rate]').fill(rate);
    await page.locator('[name=rate]').blur();
    await error.getByText('False positive rate: expected a number from 0 to 1.').waitFor();
  }
  await target.selectOption('cost');
  await page.locator('[name=prior]').fill('0');
  await page.locator('[name=prior]').blur();
  await meaning.getByText('Accepting no pair at all is best here').waitFor();
  assert.equal(await error.innerText(), '');
  assert.equal(await page.getByTestId('threshold').innerText(), '');
  assert.deepEqual(JSON.parse(await saved(page, 'metrics')).settings.target, { kind: 'cost', ratio: 10, prior: 0 });
  await target.selectOption('equalErrorRate');
  await eventually(async () => assert.equal(await page.getByTestId('threshold').innerText(), equal));
  await page.context().close();
});

test('no field computes with an impossible number, and each says what it expects', async () => {
  const page = await openStudy();
  const inRefinements = page.locator('.refinements .field-error');
  const inProtocols = page.locator('.protocol-draws .field-error');
  const k1 = page.locator('[name="reRanking.k1"]');
  await page.getByLabel('k-reciprocal re-ranking').check();
  await page.locator('.study-comparison').first().getByText('k1 20').waitFor();
  for (const wrong of ['0', '2.5', '']) {
    await k1.fill(wrong);
    await k1.blur();
    await inRefinements.getByText('k1: expected a whole number from 1 to 200. The refinements stay').waitFor();
    assert.equal(await k1.getAttribute('aria-invalid'), 'true');
  }
  assert.match(await page.locator('.study-comparison').first().innerText(), /k1 20/);
  // A value that no refinement uses stands in nothing's way.
  await page.getByLabel('k-reciprocal re-ranking').uncheck();
  await eventually(async () => assert.equal(await inRefinements.innerText(), ''));
  await page.getByLabel('PCA whitening of the gallery').check();
  await page.getByLabel('PCA dimensions').fill('4000');
  await page.getByLabel('PCA dimensions').blur();
  await page.locator('.study-error').getByText('4000').waitFor();
  await page.getByLabel('PCA dimensions').fill('');
  await page.getByLabel('PCA dimensions').blur();
  await eventually(async () => assert.equal(await page.locator('.study-error').innerText(), ''));
  await page.getByLabel('Runs').fill('1001');
  await page.getByLabel('Runs').blur();
  await inProtocols
    .getByText('Runs: expected a whole number from 1 to 1000. The protocols stay as they are.')
    .waitFor();
  await page.getByLabel('Runs').fill('2');
  await page.getByLabel('Runs').blur();
  await eventually(async () => assert.equal(await inProtocols.innerText(), ''));
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a refinement shows what it changes and which queries; the file says how it was set', async () => {
  const page = await openStudy();
  await page.getByLabel('k-reciprocal re-ranking').check();
  await page
    .getByText(/quer(y has|ies have) a (better|worse) AP/)
    .first()
    .waitFor();
  assert.match(await cell(page, 'mAP').nth(3).innerText(), /^[+−]?0\.\d{3} \([+−]?0\.\d{3} to [+−]?0\.\d{3}\)$/);
  const changed = page.locator('.study-changes button').first();
  const path = await changed.innerText();
  await changed.click();
  await eventually(async () => assert.ok((await page.locator('#chosen').innerText()).includes(path.split('/')[0])));
  const file = JSON.parse(await saved(page, 'metrics'));
  assert.deepEqual(file.settings.reRanking, { k1: 20, k2: 6, lambda: 0.3 });
  assert.equal(file.perQuery.length, EXPECTED.query.length);
  assert.ok(
    file.comparison.better.concat(file.comparison.worse).some((/** @type {any} */ { query }) => query.endsWith(path)),
  );
  await page.getByLabel('k-reciprocal re-ranking').uncheck();
  await eventually(async () =>
    assert.equal(
      Number(await cell(page, 'mAP').first().getAttribute('data-value')),
      EXPECTED.drop.meanAveragePrecision,
    ),
  );
  await page.getByLabel('Average each identity’s query images').check();
  await page.getByText('Averaged queries differ from the original ones').waitFor();
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('plots are saved as they are drawn', async () => {
  const page = await openStudy();
  const file = async (/** @type {string} */ plot, /** @type {string} */ format) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.click(`[data-plot=${plot}][data-format=${format}]`),
    ]);
    assert.equal(download.suggestedFilename(), `${plot}.${format}`);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return Buffer.concat(chunks);
  };
  for (const plot of ['cmc', 'roc', 'distribution']) {
    const svg = (await file(plot, 'svg')).toString();
    assert.match(svg, /^<svg [^>]*width="\d+"/);
    assert.match(svg, /<(polyline|polygon)[^>]*stroke="rgb\(/);
    const png = await file(plot, 'png');
    assert.deepEqual([...png.subarray(1, 4)], [...Buffer.from('PNG')]);
    assert.ok(png.readUInt32BE(16) > 600, 'three pixels a unit');
  }
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('what is odd about a data set is said, and its queries are a click away', async () => {
  const page = await openStudy();
  await page.getByTestId('findings').getByText('1 query identity has no gallery image with that label.').waitFor();
  assert.equal(await page.getByTestId('findings').getByRole('listitem').count(), 1);
  const one = fixture('page/folders/gallery0/0000001/one.png');
  await drop(page, '[data-testid=drop-query]', [one]);
  await embedded(page, IMAGES + 1);
  await page.getByTestId('findings').getByText('1 file is both among the queries and in the gallery').waitFor();
  await page.getByTestId('findings').getByRole('button', { name: 'one.png' }).first().click();
  await eventually(async () =>
    assert.match((await page.locator('.tile[aria-selected=true]').first().getAttribute('title')) ?? '', /one\.png/),
  );
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
