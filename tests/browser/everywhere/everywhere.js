/**
 * What must hold in every browser, as checks of a tab: the numbers are Chromium's, the lists can be seen, files land,
 * keys work, the page opens without a network.
 *
 * @typedef {import('./tab.js').Tab} Tab
 * @typedef {{name: string, open: (address: string) => Promise<Tab>, close: () => Promise<void>}} Browser
 * @typedef {Awaited<ReturnType<typeof import('./chromium-reference.js').inChromium>>} Reference
 *
 * @typedef {object} Expected
 * @property {string} package     for the CPU
 * @property {number} tolerance   of a number of an embedding against Chromium's; 0: all files are equal byte by byte
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { eventually, serve } from '../helpers/site.js';
import { EXPORTS, focused, focusFirst, groupHeights, HANDS, inChromium, tabStops } from './chromium-reference.js';
import { assertEmbeddings, collection, dropsFile, foldersLost, ownImages, savedEmbeddings } from './own-files.js';

const PROBE = readFileSync(new URL('probe.js', import.meta.url), 'utf8');
/** Images of the smaller sample, which is soon embedded. */
const MARKET = 26;
const SLACK_PIXELS = 0.5;

/** The page, with a probe in it that keeps what goes wrong. */
export const probed = () => serve({ probe: PROBE });

/**
 * Opens a page in a browser of its own for one check, and ends both.
 *
 * @param {string} name
 * @param {Browser} browser
 * @param {string} query
 * @param {(tab: Tab) => Promise<void>} check
 */
export async function checkAlone(name, browser, query, check) {
  const site = await probed();
  try {
    const tab = await browser.open(site.address + query);
    await tab.check(name, check);
  } finally {
    await browser.close();
    site.cut();
  }
}

/**
 * Declares the checks as tests of one browser.
 *
 * @param {() => Promise<Browser>} start
 * @param {Expected} expected
 */
export function testEverywhere(start, expected) {
  /** @type {Browser} */
  let browser;
  /** @type {Awaited<ReturnType<typeof serve>>} */
  let site;
  /** @type {Reference} */
  let chromium;
  before(async () => {
    chromium = await inChromium();
    [site, browser] = await Promise.all([probed(), start()]);
  });
  after(async () => {
    await browser?.close();
    site?.cut();
  });

  /** @param {string} name @param {string} query @param {(tab: Tab) => Promise<void>} check */
  const testPage = (name, query, check) =>
    test(name, async () => {
      const tab = await browser.open(site.address + query);
      try {
        await tab.check(name, check);
      } finally {
        await tab.close();
      }
    });

  testPage(
    'the page opens with the sample, its lists can be seen, and all numbers are Chromium’s',
    '?device=cpu',
    async (tab) => {
      await opensWithSample(tab, chromium.hands, expected);
      assert.ok(site.requests.some((path) => path.endsWith(`/pkg/${expected.package}/reid_web_bg.wasm`)));
      await listsCanBeSeen(tab, chromium.hands.heights);
      await tab.evaluate(focusFirst);
      assert.deepEqual(
        await tabStops(
          () => tab.press('Tab'),
          () => tab.evaluate(focused),
        ),
        chromium.hands.stops,
      );
    },
  );
  // In a browser of its own: after a tab was closed, Firefox may leave the next one without the focus.
  test('arrows, Enter, Escape, / and ? do what the list of keys says', async () => {
    await checkAlone('keys', await start(), '?sample=market&device=cpu', keysWork);
  });
  testPage(
    'a model from files embeds one’s own images, and every file that is saved lands',
    '?sample=none&device=cpu',
    (tab) => ownImages(tab, chromium.own, expected),
  );
  testPage('pictures without sets are searched for in each other', '?sample=none&device=cpu', collection);
  testPage('saved embeddings are read, as where folders cannot be dropped', '?sample=none&device=cpu', savedEmbeddings);
  testPage(
    'a dropped file is taken where its entry cannot be opened, as WebKit’s of a file without a path',
    '?sample=none&device=cpu',
    dropsFile,
  );
  testPage(
    'files of a folder that come without their folders are not taken in silence',
    '?sample=none&device=cpu',
    foldersLost,
  );

  test('without the server, after a first visit, the page opens as before', async () => {
    const own = await probed();
    const tab = await browser.open(`${own.address}?sample=market&device=cpu`);
    try {
      await tab.check('offline', (one) => opensOffline(one, own.cut));
    } finally {
      await tab.close();
      own.cut();
    }
  });
}

/** @param {Tab} tab @param {Reference['hands']} chromium @param {Expected} expected */
async function opensWithSample(tab, chromium, { tolerance }) {
  await tab.embedded(HANDS);
  assert.match(await tab.text('[data-testid=model-name]'), /^Drawn hands/);
  assert.deepEqual(await tab.metrics(), chromium.metrics);
  const [saved] = await tab.saved('[data-export=embeddings]', EXPORTS.embeddings);
  assertEmbeddings(saved, chromium.files['embeddings.json'], tolerance);
  assert.deepEqual(await tab.faults(), []);
}

/**
 * As high as Chromium's, with tiles that lie inside their groups, groups that do not cover each other, names to be
 * read.
 *
 * @param {Tab} tab
 * @param {(number | undefined)[]} heights
 */
async function listsCanBeSeen(tab, heights) {
  const found = await tab.evaluate(groupHeights);
  found.forEach((height, at) =>
    assert.ok(
      Math.abs((height ?? 0) - (heights[at] ?? NaN)) <= SLACK_PIXELS,
      `${height} instead of ${heights[at]} pixels`,
    ),
  );
  for (const set of ['query', 'gallery']) {
    const { isScrollable, groups, tile } = await tab.evaluate((list) => {
      const box = (/** @type {Element | null} */ one) =>
        JSON.parse(JSON.stringify(one?.getBoundingClientRect() ?? null));
      const element = /** @type {HTMLElement} */ (document.querySelector(`#${list}-list`));
      const groups = [...element.querySelectorAll('.tile-group')].map((group) => ({
        ...box(group),
        name: /** @type {HTMLElement} */ (group).innerText,
      }));
      const tile = /** @type {HTMLElement} */ (element.querySelector('.tile'));
      const { left, top } = tile.getBoundingClientRect();
      return {
        isScrollable: element.scrollHeight > element.clientHeight,
        groups,
        tile: { ...box(tile), isHit: tile.contains(document.elementFromPoint(left + 10, top + 10)) },
      };
    }, set);
    assert.ok(isScrollable, `the ${set} list does not scroll`);
    assert.ok(
      tile.isHit && tile.height >= 52 && tile.bottom <= groups[0].bottom + SLACK_PIXELS,
      `a ${set} tile of ${tile.height} pixels`,
    );
    assert.match(groups[0].name, /^0001051|^\d+/);
    for (const [at, group] of groups.slice(1).entries())
      assert.ok(
        group.top >= groups[at].bottom - SLACK_PIXELS || group.left >= groups[at].right,
        `${set} groups ${at} and ${at + 1} cover each other`,
      );
  }
  const frame = await tab.evaluate(() => {
    const { outlineStyle, outlineWidth, outlineOffset } = getComputedStyle(
      /** @type {Element} */ (document.querySelector('#query-list [aria-selected=true] img')),
    );
    return { outlineStyle, reach: parseFloat(outlineWidth) + parseFloat(outlineOffset) };
  });
  assert.deepEqual(frame, { outlineStyle: 'solid', reach: 0 }, 'the frame of the chosen query is cut off by its tile');
}

/** @param {Tab} tab */
async function keysWork(tab) {
  await tab.embedded(MARKET);
  await tab.until(
    () => document.querySelector('#rank-list li') && document.querySelector('#metrics')?.ariaBusy === 'false',
  );
  const chosen = () =>
    tab.evaluate(() => document.querySelector('#query-list [aria-selected=true]')?.getAttribute('data-path'));
  const ranks = () =>
    tab.evaluate(() =>
      [...document.querySelectorAll('#rank-list li')].map((one) => one.getAttribute('data-path')).join(),
    );
  const verdict = () => tab.text('.large-verdict');
  const [first, ranked] = [await chosen(), await ranks()];
  await tab.press('Down');
  await eventually(async () => assert.ok((await chosen()) !== first && (await ranks()) !== ranked));
  await tab.press('Up');
  await eventually(async () => assert.deepEqual([await chosen(), await ranks()], [first, ranked]));
  await tab.press('Right', 'Right', 'Enter');
  await eventually(async () => assert.match(await verdict(), /[Rr]ank 2/));
  await tab.press('Right');
  await eventually(async () => assert.match(await verdict(), /[Rr]ank 3/));
  await tab.press('Escape');
  await tab.until(() => !document.querySelector('dialog[open]'));
  const shown = () => tab.evaluate(() => document.querySelectorAll('#query-list .tile:not([hidden])').length);
  const all = await shown();
  await tab.press('/');
  await tab.until(() => document.activeElement?.matches('input[type=search]'));
  await tab.press('0', '0', '0', '3');
  await eventually(async () =>
    assert.ok((await shown()) > 0 && (await shown()) < all, `${await shown()} of ${all} shown`),
  );
  await tab.press('Escape');
  await eventually(async () => assert.equal(await shown(), all));
  await tab.press('?');
  await eventually(async () => assert.equal(await tab.text('dialog[open] h2'), 'Keyboard shortcuts'));
  await tab.press('Escape');
  assert.deepEqual(await tab.faults(), []);
}

/**
 * Nothing can be kept in a private window: the sample works, and the list of models says why none can be fetched.
 * @param {Tab} tab
 */
export async function privateWindow(tab) {
  await tab.embedded(MARKET);
  await tab.click('#model-button');
  await tab.click('#model-facts .models-open');
  await eventually(async () =>
    assert.ok(
      (await tab.evaluate(() => document.querySelectorAll('dialog[open] .model-row').length)) > 5,
      'the list of models is empty',
    ),
  );
  await tab.until(() =>
    /stores no files|does not store files/.test(document.querySelector('dialog[open]')?.textContent ?? ''),
  );
  assert.deepEqual(await tab.faults(), []);
}

/** @param {Tab} tab @param {() => void} cut  takes the server away */
async function opensOffline(tab, cut) {
  await tab.embedded(MARKET);
  const online = await tab.metrics();
  await tab.evaluate(async () => void (await navigator.serviceWorker.ready));
  cut();
  await tab.reload();
  await tab.modelIsReady();
  await tab.embedded(MARKET);
  await eventually(async () => assert.deepEqual(await tab.metrics(), online));
}
