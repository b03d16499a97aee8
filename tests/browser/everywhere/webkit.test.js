/** The page in WebKit: what holds in every browser, and what is of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAlone, privateWindow, testEverywhere } from './everywhere.js';
import { startWebKit } from './webkit.js';

/** Without relaxed SIMD it rounds between multiplying and adding. */
testEverywhere(startWebKit, { package: 'cpu', tolerance: 1e-6 });

test('in a private window, as those of its driver are, the list of models says why none is kept', async () => {
  await checkAlone('private window', await startWebKit(), '?sample=market&device=cpu', privateWindow);
});

test('with some of relaxed SIMD, not all of it, it takes a package that it can compile', async () => {
  const browser = await startWebKit({ env: { JSC_useWasmRelaxedSIMD: '1' } });
  await checkAlone('relaxed SIMD', browser, '?sample=market&device=cpu', async (tab) => {
    await tab.modelIsReady();
    await tab.embedded(26);
    assert.equal((await tab.metrics()).map, 1);
    assert.deepEqual(await tab.faults(), []);
  });
});
