/** A start that fails says so and can be repeated; a deployment's files belong together. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { writeSite } from '../../../.build/deployment.mjs';
import { drop, embedded, fixture, metrics, open, start } from '../helpers/page.js';

const WWW = fileURLToPath(new URL('../../../www', import.meta.url));
const IMAGES = 120;

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
before(async () => {
  host = await start();
});
after(() => host.close());

/**
 * A visit during which the server has not every file.
 * @param {string} pattern  of addresses
 * @param {(route: import('playwright-core').Route) => Promise<void>} answer
 * @param {string} [query]
 */
async function visit(pattern, answer, query = '?device=cpu') {
  const context = await host.browser.newContext({ viewport: { width: 1440, height: 900 }, serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.route(pattern, answer);
  await page.goto(host.address + query);
  return page;
}

/** @param {import('playwright-core').Route} route */
const notFound = (route) => route.fulfill({ status: 404 });

/** @param {import('playwright-core').Page} page */
const alarm = (page) => page.locator('.start-failed');

for (const module of ['main.js', 'views/sets/tile.js', 'session/session.js', 'workers/messages.js']) {
  test(`without ${module} the page says so, and starts by Reload once it is back`, async () => {
    const page = await visit(`**/${module}`, notFound);
    await alarm(page).waitFor();
    const escaped = module.replace('.', '\\.');
    assert.match(await alarm(page).innerText(), new RegExp(`could not start: .*${escaped}.* could not be loaded`));
    await page.unroute(`**/${module}`);
    await alarm(page).getByRole('button', { name: 'Reload' }).click();
    await embedded(page, IMAGES);
    assert.equal(await alarm(page).count(), 0);
    await page.context().close();
  });
}

for (const [what, pattern, change] of /** @type {const} */ ([
  [
    'a module of another deployment',
    '**/format.js',
    (/** @type {string} */ text) => text.replace('export function duration', 'export function durationInWords'),
  ],
  [
    'an index.html of another deployment',
    '**/path/?*',
    (/** @type {string} */ text) => text.replace('id="tour"', 'id="guide"'),
  ],
])) {
  test(`with ${what} the page says that it was updated`, async () => {
    const page = await visit(pattern, async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: change(await response.text()) });
    });
    await alarm(page).getByText('Its files are of different versions').waitFor();
    await page.context().close();
  });
}

test('a style sheet that is missing is named, and the page starts all the same', async () => {
  const page = await visit('**/styles/sets.css', notFound);
  await alarm(page).getByText('styles/sets.css, could not be loaded').waitFor();
  await embedded(page, IMAGES);
  await page.context().close();
});

test('a start that takes long is said, and no more once the page has started', async () => {
  const context = await host.browser.newContext({ serviceWorkers: 'block' });
  const page = await context.newPage();
  await page.clock.install();
  let release = () => {};
  const held = new Promise((resolve) => (release = () => resolve(null)));
  await page.route('**/main.js', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto(`${host.address}?sample=none`, { waitUntil: 'commit' });
  await page.locator('#welcome').waitFor({ state: 'attached' });
  await page.clock.fastForward(21_000);
  await alarm(page).getByText('has not started after 20 seconds').waitFor();
  release();
  await alarm(page).waitFor({ state: 'detached' });
  await context.close();
});

test('Reload replaces a file that the browser has kept too long', async () => {
  const text = readFileSync(join(WWW, 'words/format.js'), 'utf8');
  /** @type {Record<string, string>} */
  const scripts = { 'words/format.js': text.replace('export function duration', 'export function durationInWords') };
  const cached = await start({ maxAge: 600, scripts });
  try {
    const page = await open(cached, { query: '?sample=none', context: { serviceWorkers: 'block' } });
    await alarm(page).waitFor();
    delete scripts['words/format.js'];
    await alarm(page).getByRole('button', { name: 'Reload' }).click();
    await page.waitForSelector('html[data-started]');
    assert.equal(await alarm(page).count(), 0);
    await drop(
      page,
      'main',
      ['config.json', 'model.safetensors'].map((name) => fixture(`clip/quick-gelu/${name}`)),
    );
    await page.waitForSelector('#model-button[data-status=ready]');
  } finally {
    await cached.close();
  }
});

for (const pattern of ['*.wasm', 'encoder/worker.js', 'matching/worker.js']) {
  test(`${pattern} missing for some seconds holds up the sample, no more`, async () => {
    /** @type {string[]} */
    const errors = [];
    const page = await visit(`**/${pattern}`, notFound);
    page.on('pageerror', (error) => errors.push(String(error)));
    await new Promise((resolve) => setTimeout(resolve, 4000));
    await page.unroute(`**/${pattern}`);
    await embedded(page, IMAGES);
    assert.equal(await page.locator('.tile[data-status=done]').count(), IMAGES);
    const { map } = await metrics(page);
    assert.ok(map !== null && map > 0.9);
    assert.deepEqual(errors, []);
    await page.context().close();
  });
}

test('a deployment asks for all files by its version, works offline, and says so when they are gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'reid-web-site-'));
  const version = writeSite(WWW, folder);
  const site = await start({ folder });
  try {
    const page = await open(site, { query: '?device=cpu' });
    await embedded(page, IMAGES);
    const beside =
      /\/path\/((index\.html)?(\?.*)?|start\.js|styles\/start\.css|service-worker\.js.*|pkg\/files\.json)?$|favicon/;
    assert.deepEqual(
      site.requests.filter((path) => !path.includes(`/path/${version}/`) && !beside.test(path)),
      [],
    );
    assert.deepEqual(page.errors, []);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));

    // The next deployment has replaced this one, and a page that a proxy has kept is shown where there is no copy.
    renameSync(join(folder, version), join(folder, 'gone'));
    const late = await open(site, { query: '?device=cpu', context: { serviceWorkers: 'block' } });
    await alarm(late)
      .getByText(/main\.js.* could not be loaded/)
      .waitFor();
    await late.context().close();
    // Where there is one, an open page still finds its files.
    assert.equal(await page.evaluate(async (path) => (await fetch(path)).status, `${version}/package.js`), 200);

    site.cut();
    await page.reload();
    await embedded(page, IMAGES);
    const help = await page.context().newPage();
    for (const address of ['help/index.html', 'help/']) {
      await help.goto(new URL(`${version}/${address}`, page.url()).href);
      await help.getByRole('heading', { name: 'What the numbers mean' }).waitFor();
      assert.equal(await help.evaluate(() => getComputedStyle(document.body).maxWidth), '760px');
    }
  } finally {
    await site.browser.close();
    rmSync(folder, { recursive: true });
  }
});
