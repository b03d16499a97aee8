/** Whether the browser asks before the page is left: with work under way or labels typed, and not otherwise. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { drop, embedded, eventually, fixture, loadModel, open, openFolders, start } from '../helpers/page.js';
import { plainPng } from '../helpers/pictures.js';

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
before(async () => {
  host = await start();
});
after(() => host.close());

/** @typedef {import('playwright-core').Page} Page */

/**
 * Whether the browser asks when `leave` leaves the page. A person stays.
 * @param {Page} page
 * @param {() => Promise<unknown>} leave
 */
async function asks(page, leave) {
  // A browser asks only those who have touched the page.
  await page.mouse.click(5, 400);
  /** @type {(wasAsked: boolean) => void} */
  let end = () => {};
  const wasAsked = new Promise((resolve) => (end = resolve));
  /** @param {import('playwright-core').Dialog} dialog */
  const stay = async (dialog) => {
    end(dialog.type() === 'beforeunload');
    await dialog.dismiss();
  };
  page.on('dialog', stay);
  const left = leave().catch(() => {});
  await Promise.race([wasAsked, left.then(() => end(false))]);
  page.off('dialog', stay);
  return wasAsked;
}

/** A question that comes at all has come by then. */
const pause = () => new Promise((resolve) => setTimeout(resolve, 3000));
/** Back to where the visitor came from. @param {Page} page */
const back = (page) => page.evaluate(() => history.back()).then(pause);
/** @param {Page} page */
const reload = (page) => page.evaluate(() => location.reload()).then(pause);
/** @param {Page} page */
const leave = (page) => page.goto('about:blank', { timeout: 5000 });

/** Large enough to take a while. */
const PICTURES = Array.from({ length: 40 }, (_, index) => ({
  name: `${index}.png`,
  mimeType: 'image/png',
  buffer: plainPng(2400, 1800, [index, 2, 3]),
}));

for (const [name, go] of /** @type {[string, (page: Page) => Promise<unknown>][]} */ ([
  ['left', leave],
  ['reloaded', reload],
  ['navigated back', back],
])) {
  test(`with work under way it asks before it is ${name}; when the work is done it does not`, {
    timeout: 120_000,
  }, async () => {
    const page = await open(host);
    await page.goto('about:blank');
    await page.goto(`${host.address}?sample=none&device=cpu`);
    await loadModel(page);
    await page.getByTestId('input-query').setInputFiles(PICTURES);
    await page
      .getByTestId('progress-text')
      .getByText(/Processing/)
      .waitFor();
    assert.equal(await asks(page, () => go(page)), true);
    await page.getByTestId('cancel').click();
    await page
      .getByTestId('progress-text')
      .getByText(/Stopped/)
      .waitFor();
    assert.equal(await asks(page, () => go(page)), true, 'what is stopped is not done');
    await page.getByTestId('continue').click();
    await embedded(page, PICTURES.length);
    assert.equal(await asks(page, () => go(page)), false);
    await page.context().close();
  });
}

test('with labels typed it asks, until their images are gone', { timeout: 60_000 }, async () => {
  const page = await openFolders(host);
  await page.locator('#chosen [name=identity]').fill('somebody');
  await page.locator('#chosen [name=identity]').press('Enter');
  await eventually(async () => assert.match(await page.locator('.chosen-identity').innerText(), /somebody/));
  assert.equal(await asks(page, () => reload(page)), true);
  await page.getByTestId('clear').click();
  await eventually(async () => assert.equal(await page.locator('.tile').count(), 0));
  assert.equal(await asks(page, () => reload(page)), false);
  await page.context().close();
});

test('with nothing done, or the sample being shown, it does not ask', { timeout: 60_000 }, async () => {
  const page = await open(host, { query: '?device=cpu' });
  await page.locator('.tile').first().waitFor();
  assert.equal(await asks(page, () => leave(page)), false);
  await page.context().close();
});

test('files that are being listed are work under way', { timeout: 60_000 }, async () => {
  const page = await open(host);
  await page.evaluate(() => {
    // Every turn that listing takes comes late.
    const real = MessagePort.prototype.postMessage;
    MessagePort.prototype.postMessage = function postMessage(/** @type {any[]} */ ...args) {
      setTimeout(() => real.apply(this, /** @type {any} */ (args)), 3000);
    };
  });
  await drop(page, '[data-testid=drop-dataset]', [fixture('page/folders')]);
  await page
    .getByTestId('progress-text')
    .getByText(/Listing files/)
    .waitFor();
  assert.equal(await asks(page, () => reload(page)), true);
  await page.context().close();
});
