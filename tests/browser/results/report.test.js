/** The report: one file that says what the page says, and loads nothing. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { drop, embedded, open, openFolders, saved, start } from '../helpers/page.js';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
/** @type {string} */
let folder;
before(async () => {
  host = await start();
  folder = mkdtempSync(join(tmpdir(), 'reid-web-report-'));
});
after(() => {
  rmSync(folder, { recursive: true });
  return host.close();
});

/**
 * Opens a saved report as a file.
 *
 * @param {string} html
 * @param {import('playwright-core').BrowserContextOptions} [settings]
 */
async function read(html, settings = {}) {
  const path = join(folder, 'report.html');
  writeFileSync(path, html);
  const context = await host.browser.newContext({ viewport: { width: 1000, height: 900 }, ...settings });
  const page = await context.newPage();
  /** @type {string[]} */
  const requests = [];
  /** @type {string[]} */
  const errors = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => errors.push(message.text()));
  page.on('pageerror', (error) => errors.push(String(error)));
  await page.goto(pathToFileURL(path).href);
  return Object.assign(page, { requests, errors });
}

/** Names and cells of a table's rows. @param {import('playwright-core').Locator} rows */
const cells = (rows) => rows.evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));

/** @param {import('playwright-core').Page} page */
async function openStudy(page) {
  await page.locator('#study > summary').click();
  await page.locator('[data-testid=threshold-meaning] li').first().waitFor();
}

test('the report has every number of the page, its plots and its words, and loads nothing', async () => {
  const page = await openFolders(host);
  await openStudy(page);
  const html = await saved(page, 'report');
  const file = await read(html);
  const sectionOf = (/** @type {string} */ title) =>
    file.locator('section').filter({ has: file.getByRole('heading', { name: title, exact: true }) });

  const shown = await cells(page.locator('.study-table tbody tr:has(th)'));
  assert.ok(shown.length > 15);
  assert.deepEqual(
    await cells(sectionOf('Metrics').locator('tbody tr')),
    shown.map((row) => row.slice(0, 3)),
  );
  const headline = await file.locator('.headline dd:not(.small)').allInnerTexts();
  for (const [at, name] of ['rank-1', 'map', 'map-trapezoidal'].entries())
    assert.equal(headline[at], await page.getByTestId(`metric-${name}`).innerText());
  await file.getByText(await page.locator('.study-note').innerText(), { exact: true }).waitFor();
  assert.deepEqual(
    await cells(sectionOf('CMC curve').locator('tbody tr')),
    await cells(page.locator('.cmc-table tbody tr')),
  );
  for (const text of await page.locator('.threshold-meaning li').allInnerTexts())
    await file.getByText(text, { exact: true }).waitFor();
  for (const text of await page.locator('.finding > :first-child').allInnerTexts())
    await file.getByText(text, { exact: true }).waitFor();
  for (const plot of ['cmc', 'roc', 'distribution']) {
    const drawn = (/** @type {import('playwright-core').Page} */ where) =>
      where
        .locator(`svg.${plot}-plot > *`)
        .evaluateAll((parts) => parts.map((part) => part.getAttribute('points') ?? part.textContent));
    assert.deepEqual(await drawn(file), await drawn(page), plot);
  }

  const { perQuery } = JSON.parse(await saved(page, 'metrics'));
  const lowest = Math.min(...perQuery.flatMap((/** @type {any} */ { averagePrecision }) => averagePrecision ?? []));
  const worst = await cells(sectionOf('Queries with the lowest AP').locator('tbody tr'));
  assert.equal(
    worst.length,
    perQuery.filter((/** @type {any} */ { averagePrecision }) => averagePrecision !== null && averagePrecision < 1)
      .length,
  );
  const first = perQuery.find((/** @type {any} */ { query }) => query === worst[0][0]);
  assert.equal(first.averagePrecision, lowest);
  assert.deepEqual(worst[0].slice(1, 3), [lowest.toFixed(3), String(first.firstMatchRank)]);
  assert.match(
    await sectionOf('Data set').innerText(),
    /27 query images, 9 identities, no cameras[^]*8 gallery images[^]*SHA-256 [0-9a-f]{64}/,
  );
  assert.match(await sectionOf('Settings').innerText(), /ignored[^]*none[^]*equal error rates/);
  assert.ok((await sectionOf('What the values mean').locator('math').count()) > 3);

  assert.equal(await file.locator('script, link, img, iframe, object, embed, [src], [href]').count(), 0);
  assert.deepEqual(file.requests, [file.url()]);
  assert.deepEqual([...file.errors, ...page.errors], []);
  await file.context().close();
  await page.context().close();
});

test('refinements and imported embeddings are said; what a file is called stays text', async () => {
  const page = await open(host);
  const path = 'gallery/1/<img src=x onerror=alert(1)>.png';
  const images = ['query/1/a.png', 'query/2/b.png', path, 'gallery/2/c.png'].map((name, at) => ({
    path: name,
    set: name.split('/')[0],
    identity: name.split('/')[1],
    camera: null,
    embedding: [1, at * at, 2 - at],
  }));
  const json = join(folder, 'embeddings.json');
  writeFileSync(json, JSON.stringify({ model: { name: 'Somebody’s ViT' }, images }));
  await drop(page, '[data-testid=drop-dataset]', [json]);
  await embedded(page, 4);
  await openStudy(page);
  await page.getByLabel('k-reciprocal re-ranking').check();
  await page.getByText(/quer(y has|ies have) a better AP/).waitFor();
  const shown = await cells(page.locator('.study-table tbody tr:has(th)'));
  const file = await read(await saved(page, 'report'));
  assert.deepEqual(await cells(file.locator('section').first().locator('tbody tr')), shown);
  const text = await file.locator('main').innerText();
  for (const words of [
    path,
    'k-reciprocal re-ranking, k1 20, k2 6, λ 0.3',
    'embeddings.json',
    'Somebody’s ViT',
    'What the refinements change',
  ])
    assert.ok(text.includes(words), words);
  assert.equal(await file.locator('img').count(), 0);
  assert.deepEqual([...file.errors, ...page.errors], []);
  await file.context().close();
  await page.context().close();
});

test('the report follows the system, is light on paper, fits a phone, and has no accessibility fault', async () => {
  const page = await openFolders(host);
  const html = await saved(page, 'report');
  await page.context().close();
  for (const [colorScheme, width] of /** @type {const} */ ([
    ['light', 390],
    ['dark', 1000],
  ])) {
    const file = await read(html, { colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
    await file.addScriptTag({ path: AXE });
    const faults = await file.evaluate(async () => {
      const { violations } = await /** @type {any} */ (window).axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'],
      });
      return violations.map(
        (/** @type {any} */ { id, nodes }) => `${id}: ${nodes[0].target} ${nodes[0].failureSummary}`,
      );
    });
    assert.deepEqual(faults, []);
    const background = () => file.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(await background(), colorScheme === 'light' ? 'rgb(255, 255, 255)' : 'rgb(28, 30, 31)');
    assert.ok(await file.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth));
    await file.emulateMedia({ media: 'print' });
    assert.equal(await background(), 'rgb(255, 255, 255)');
    await file.context().close();
  }
});
