/** Browsers that cannot show the page are told so in one sentence, whatever of it they can still run. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { embedded, open, start } from '../helpers/page.js';

const SOURCE = readFileSync(new URL('../../../www/support.js', import.meta.url), 'utf8');
const IN_VIEW = 'body *:visible:not(script)';

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
before(async () => {
  host = await start();
});
after(() => host.close());

/** What a browser lacks, and what it is told. @type {[string, () => void, RegExp][]} */
const LACKING = [
  [
    'light-dark(), as Chrome 122 and Safari 17.4',
    () => {
      const { supports } = CSS;
      CSS.supports = (/** @type {any[]} */ ...asked) =>
        !String(asked).includes('light-dark') && supports.apply(CSS, /** @type {any} */ (asked));
    },
    /^This browser is too old for this page: .*Chrome or Edge 123, Firefox 125, Safari or iOS 17\.5/,
  ],
  [
    'popovers, as Firefox 124',
    () => void Reflect.deleteProperty(HTMLElement.prototype, 'popover'),
    /too old.*Firefox 125/,
  ],
  ['CSS.supports', () => void Reflect.deleteProperty(window, 'CSS'), /too old/],
  [
    'WebAssembly',
    () => void Reflect.deleteProperty(window, 'WebAssembly'),
    /^This page needs WebAssembly, which is switched off/,
  ],
];

for (const [what, remove, told] of LACKING) {
  test(`a browser without ${what} shows one sentence and nothing else`, async () => {
    const context = await host.browser.newContext();
    await context.addInitScript(remove);
    const page = await context.newPage();
    await page.goto(host.address);
    await page.locator('.unsupported').waitFor();
    assert.match(await page.locator('.unsupported').innerText(), told);
    assert.equal(await page.locator(IN_VIEW).count(), 1);
    await context.close();
  });
}

test('without JavaScript one sentence is shown as well', async () => {
  const context = await host.browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(host.address);
  assert.match(await page.locator('.unsupported').innerText(), /needs JavaScript/);
  await context.close();
});

test('a browser that can show the page is told nothing', async () => {
  const page = await open(host, { query: '?sample=market&device=cpu' });
  await embedded(page, 26);
  assert.equal(await page.locator('.unsupported:visible').count(), 0);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('the script holds no syntax that is newer than ECMAScript 5', () => {
  const code = SOURCE.replace(/\/\*[^]*?\*\/|\/\/.*|'[^']*'/g, '');
  assert.doesNotMatch(code, /=>|`|\?\.|\?\?|\.\.\.|\*\*|\b(const|let|class|async|await|import|export|of)\b/);
});
