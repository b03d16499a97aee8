/**
 * Storage that asks, forbids or is missing, in Firefox and WebKit: the list of models is there at once and says why.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileOf, startHub } from '../helpers/hub.js';
import { fixture, serve } from '../helpers/site.js';
import { startFirefox } from './firefox.js';
import { startWebKit } from './webkit.js';

const FOLDER = '/wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M/resolve/main';

/**
 * The list of models on a page of its own.
 *
 * @param {() => Promise<{open: (address: string) => Promise<import('./tab.js').Tab>, close: () => Promise<void>}>}
 *   launch
 * @param {(tab: import('./tab.js').Tab) => Promise<void>} check
 */
async function withList(launch, check) {
  const hub = await startHub(
    Object.fromEntries(
      ['model.safetensors', 'config.json'].map((name) => [
        `${FOLDER}/${name}`,
        fileOf(fixture(`clip/quick-gelu/${name}`)),
      ]),
    ),
  );
  const site = await serve();
  const browser = await launch();
  try {
    const tab = await browser.open(`${site.address}?sample=none&device=cpu&hub=${hub.address}`);
    await tab.click('#model-card .models-open');
    await check(tab);
  } finally {
    await browser.close();
    site.cut();
    hub.close();
  }
}

/** @param {import('./tab.js').Tab} tab @param {RegExp} why */
async function saysWhy(tab, why) {
  await tab.until(() => document.querySelector('.model-trouble')?.textContent !== '');
  assert.match(await tab.text('.model-trouble'), why);
  assert.match(await tab.text('.model-list'), /TinyCLIP ViT-8M\/16[^]*ViT-L\/14/);
  assert.equal(
    await tab.evaluate(() =>
      [...document.querySelectorAll('.model-fetch')].every(
        (button) => /** @type {HTMLButtonElement} */ (button).disabled,
      ),
    ),
    true,
  );
}

test('Firefox: a model is fetched while the question about storage is not answered', () =>
  withList(startFirefox, async (tab) => {
    await tab.click('.model-hub-allow');
    await tab.until(() => !(/** @type {HTMLButtonElement} */ (document.querySelector('.model-fetch')).disabled));
    await tab.click('.model-fetch');
    await tab.modelIsReady();
  }));

test('Firefox: in a private window the list says that no file is kept', () =>
  withList(
    () => startFirefox({ isPrivate: true }),
    async (tab) => {
      await saysWhy(tab, /the window is private/);
    },
  ));

test('WebKit: without a storage for files the list says so', () =>
  withList(startWebKit, async (tab) => {
    await saysWhy(tab, /This browser does not store files for pages/);
  }));

test('WebKit: in a private window the list says that no file is kept', () =>
  withList(
    () => startWebKit({ features: ['StorageAPI', 'StorageAPIEstimate', 'FileSystem', 'AccessHandle'] }),
    async (tab) => {
      await saysWhy(tab, /the window is private/);
    },
  ));
