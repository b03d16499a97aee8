/** The page as a person meets it: keyboard alone, contrast, phone and wide screen, nothing sent. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';
import { drop, embedded, eventually, fixture, loadModel, open, start } from '../helpers/page.js';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
before(async () => {
  host = await start();
});
after(() => host.close());

/** @param {import('playwright-core').BrowserContextOptions} [context] */
async function full(context) {
  const page = await open(host, { context });
  await loadModel(page);
  await page.getByTestId('input-dataset').setInputFiles(fixture('page/folders'));
  await embedded(page, 35);
  await page.getByTestId('metric-n').getByText('n = 24 of 27 queries').waitFor();
  await page.locator('#rank-list li').first().waitFor();
  return page;
}

/** @param {import('playwright-core').Page} page */
const chosen = (page) => page.locator('#query-list [aria-selected=true]').getAttribute('data-path');

test('arrows go through queries and ranks, Enter opens, Escape closes, / finds, ? lists the keys', async () => {
  const page = await full();
  const first = await chosen(page);
  await page.keyboard.press('ArrowDown');
  await eventually(async () => assert.notEqual(await chosen(page), first));
  await page.keyboard.press('ArrowUp');
  await eventually(async () => assert.equal(await chosen(page), first));
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page
    .locator('.large-verdict')
    .getByText(/[Rr]ank 2/)
    .waitFor();
  await page.keyboard.press('ArrowRight');
  await page
    .locator('.large-verdict')
    .getByText(/[Rr]ank 3/)
    .waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#large').waitFor({ state: 'hidden' });
  await page.keyboard.press('/');
  await page.keyboard.type('0000005');
  await eventually(async () => assert.equal(await page.locator('#query-list .tile:visible').count(), 3));
  await page.keyboard.press('Escape');
  await eventually(async () => assert.equal(await page.locator('#query-list .tile:visible').count(), 27));
  await page.keyboard.press('?');
  await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
  await page.context().close();
});

test('keys that come before the ranks of a query are answered with its own ranks', async () => {
  const page = await full();
  const shown = () => page.locator('.large-verdict, .large-path').allInnerTexts();
  await page.keyboard.press('ArrowDown');
  // All in one task: no answer of the worker can come between.
  const press = (/** @type {string[]} */ ...keys) =>
    page.evaluate((all) => {
      for (const key of all) {
        const target = document.activeElement ?? document.body;
        if (key === 'Enter') /** @type {HTMLElement} */ (target).click();
        else target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
      }
    }, keys);
  await press('ArrowRight', 'ArrowRight', 'ArrowUp', 'Enter');
  await page
    .locator('.large-verdict')
    .getByText(/[Rr]ank 2/)
    .waitFor();
  const first = await shown();
  await page.keyboard.press('Escape');
  await page.locator('#rank-list li').nth(1).locator('.rank').click();
  await page
    .locator('.large-verdict')
    .getByText(/[Rr]ank 2/)
    .waitFor();
  assert.deepEqual(await shown(), first);
  await page.context().close();
});

test('the Tab key reaches every control in turn and the focus is always visible', async () => {
  const page = await full();
  const seen = new Set();
  for (let step = 0; step < 80; step += 1) {
    await page.keyboard.press('Tab');
    const { name, isVisible } = await page.evaluate(() => {
      const element = document.activeElement ?? document.body;
      const isOutlined = (/** @type {Element} */ one) =>
        getComputedStyle(one).outlineStyle !== 'none' && parseFloat(getComputedStyle(one).outlineWidth) >= 1;
      const words = element.getAttribute('aria-label') ?? element.textContent?.slice(0, 20);
      const name =
        element === document.body ? 'body' : `${element.tagName} ${element.id || element.className} ${words}`;
      return { name, isVisible: name === 'body' || [element, ...element.children].some(isOutlined) };
    });
    assert.ok(isVisible, `${name} has the focus and does not show it`);
    seen.add(name);
    if (name === 'body') break;
  }
  for (const control of ['model-button', 'query folder', 'tile', 'rank', 'CANVAS', 'unmatched', 'Embeddings']) {
    assert.ok(
      [...seen].some((name) => name.includes(control)),
      `${control} is not reached: ${[...seen].join('; ')}`,
    );
  }
  await page.context().close();
});

for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  for (const width of [390, 1440]) {
    test(`no accessibility fault and no sideways scrolling: ${colorScheme}, ${width} pixels`, async () => {
      const page = await full({ colorScheme, viewport: { width, height: 900 } });
      await page.evaluate(AXE);
      const faults = await page.evaluate(async () => {
        const { violations } = await /** @type {any} */ (window).axe.run(document, {
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa'],
        });
        return violations.map(
          (/** @type {any} */ { id, nodes }) => `${id}: ${nodes[0].target} ${nodes[0].failureSummary}`,
        );
      });
      assert.deepEqual(faults, []);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      assert.ok(overflow <= 0, `${overflow} pixels too wide`);
      await page.context().close();
    });
  }
}

test('nothing moves while the page fills', async () => {
  const page = await open(host);
  await page.evaluate(() => {
    Object.assign(window, { shift: 0 });
    new PerformanceObserver((list) => {
      for (const entry of /** @type {any[]} */ (list.getEntries()))
        if (!entry.hadRecentInput) /** @type {any} */ (window).shift += entry.value;
    }).observe({ type: 'layout-shift' });
  });
  await loadModel(page);
  await page.evaluate(() => Object.assign(window, { shift: 0 }));
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await embedded(page, 35);
  const shift = await page.evaluate(() => /** @type {any} */ (window).shift);
  assert.ok(shift < 0.1, `cumulative layout shift ${shift}`);
  await page.context().close();
});

test(
  'nothing is requested from elsewhere, nothing but the page itself is stored, and the policy refuses what ' +
    'is foreign',
  async () => {
    const page = await open(host);
    /** @type {string[]} */
    const foreign = [];
    page.on(
      'request',
      (request) =>
        /^https?:/.test(request.url()) && !request.url().startsWith(host.address) && foreign.push(request.url()),
    );
    await loadModel(page);
    await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
    await embedded(page, 35);
    assert.deepEqual(foreign, []);
    const stored = await page.evaluate(async () => ({
      local: localStorage.length,
      session: sessionStorage.length,
      cookies: document.cookie,
      databases: (await indexedDB.databases()).length,
    }));
    assert.deepEqual(stored, { local: 0, session: 0, cookies: '', databases: 0 });
    const { cached, own } = await page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      const caches = await Promise.all((await window.caches.keys()).map((name) => window.caches.open(name)));
      const requests = (await Promise.all(caches.map((cache) => cache.keys()))).flat();
      const { files } = await (await fetch('pkg/files.json')).json();
      const own = ['pkg/files.json', ...Object.keys(files)].map((file) => new URL(file, document.baseURI).href);
      return { cached: requests.map(({ url }) => url), own };
    });
    assert.ok(cached.length > 100);
    assert.deepEqual(
      cached.filter((url) => !own.includes(url)),
      [],
    );
    assert.deepEqual(page.errors, []);

    const refused = await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.wasRun = true';
      document.head.append(script);
      const fetched = await fetch('https://example.com/').then(
        () => 'sent',
        () => 'refused',
      );
      return { fetched, wasRun: 'wasRun' in window };
    });
    assert.deepEqual(refused, { fetched: 'refused', wasRun: false });
    assert.ok(
      page.errors.some((/** @type {string} */ error) => error.includes('Content Security Policy')),
      page.errors.join('\n'),
    );
    await page.context().close();
  },
);
