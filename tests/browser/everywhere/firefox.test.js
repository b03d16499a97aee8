/** The page in Firefox: what holds in every browser, a model from a hub, a private window. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileOf, startHub } from '../helpers/hub.js';
import { fixture } from '../helpers/site.js';
import { checkAlone, privateWindow, testEverywhere } from './everywhere.js';
import { startFirefox } from './firefox.js';

const TINY = '/wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M/resolve/main';
/** In the catalogue's name and in the repository's. */
const NAME = 'ViT-8M';

/** It multiplies and adds in one step, as Chromium does. */
testEverywhere(startFirefox, { package: 'cpu-relaxed', tolerance: 0 });

test('in a private window the sample works and the list of models says why none is kept', async () => {
  await checkAlone(
    'private window',
    await startFirefox({ isPrivate: true }),
    '?sample=market&device=cpu',
    privateWindow,
  );
});

test('a model is fetched, used and kept while Firefox still asks whether the page may store files', async () => {
  const files = ['model.safetensors', 'config.json'].map((name) => [
    `${TINY}/${name}`,
    fileOf(fixture(`clip/quick-gelu/${name}`)),
  ]);
  const hub = await startHub(Object.fromEntries(files));
  try {
    await checkAlone('hub', await startFirefox(), `?sample=none&device=cpu&hub=${hub.address}`, fetchModel);
    assert.equal(hub.counts.preflights, 0);
  } finally {
    hub.close();
  }
});

/** @param {import('./tab.js').Tab} tab */
async function fetchModel(tab) {
  const open = async () => {
    await tab.click('#model-button');
    await tab.click('#model-facts .models-open');
    // A link that names a hub is asked about once.
    if (await tab.text('.model-hub-allow')) await tab.click('.model-hub-allow');
    await tab.until(
      (name) => {
        const row = [...document.querySelectorAll('.model-row')].find((one) => one.textContent?.includes(name));
        row?.setAttribute('id', 'wanted-row');
        return row;
      },
      [NAME],
    );
  };
  await open();
  await tab.click('#wanted-row .model-fetch');
  await tab.modelIsReady();
  assert.match(await tab.text('[data-testid=model-name]'), new RegExp(NAME));
  await tab.reload();
  await open();
  await tab.click('#wanted-row .model-use');
  await tab.modelIsReady();
  assert.deepEqual(await tab.faults(), []);
}
