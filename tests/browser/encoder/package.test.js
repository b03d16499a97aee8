/** Which package a browser takes for its CPU: one that it can compile, whatever of relaxed SIMD it lacks. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { CPU_PACKAGE, RELAXED } from '../../../www/package.js';
import { embedded, open, openFolders, start } from '../helpers/page.js';
import { vectorOpcodes } from './wasm-opcodes.js';

const OWN = readFileSync(new URL('../../../www/package.js', import.meta.url), 'utf8');
/** Images of the smaller sample. */
const MARKET = 26;
const FIRST_RELAXED = 0x100;
const WITHOUT_MEANING = '0x1ff';

/** @param {string} name */
const module = (name) => readFileSync(new URL(`../../../www/pkg/${name}/reid_web_bg.wasm`, import.meta.url));

test('the probe holds exactly the instructions of relaxed SIMD that the package uses, and the other package none', () => {
  const relaxed = (/** @type {string} */ name) =>
    [...vectorOpcodes(module(name))].filter((opcode) => opcode >= FIRST_RELAXED).sort();
  assert.deepEqual(relaxed('cpu-relaxed').map(String), Object.keys(RELAXED));
  assert.deepEqual(relaxed('cpu'), []);
});

test('what an engine says of the probe it says of the whole package', () => {
  assert.equal(WebAssembly.validate(module('cpu-relaxed')), CPU_PACKAGE === 'cpu-relaxed');
  assert.equal(WebAssembly.validate(module('cpu')), true);
});

/**
 * @param {Record<string, string>} scripts
 * @param {string} taken  the package that does the work
 * @returns whether the one with relaxed SIMD was asked for as well
 */
async function assertTakes(scripts, taken) {
  const host = await start({ scripts });
  try {
    const page = await openFolders(host);
    const asked = (/** @type {string} */ name) =>
      host.requests.some((path) => path.endsWith(`/pkg/${name}/reid_web_bg.wasm`));
    assert.ok(asked(taken), `${taken} was not taken`);
    assert.equal(await page.locator('#model-button').getAttribute('data-status'), 'ready');
    return asked('cpu-relaxed');
  } finally {
    await host.close();
  }
}

for (const opcode of Object.keys(RELAXED).map((decimal) => `0x${Number(decimal).toString(16)}`)) {
  test(`a browser without instruction ${opcode} takes the package without relaxed SIMD, and asks for no other`, async () => {
    assert.ok(OWN.includes(`${opcode}:`));
    assert.equal(await assertTakes({ 'package.js': OWN.replace(`${opcode}:`, `${WITHOUT_MEANING}:`) }, 'cpu'), false);
  });
}

/** A module that no engine compiles. */
const REFUSED = { 'pkg/cpu-relaxed/reid_web_bg.wasm': '\0asm\x01\0\0\0?' };

test('if the package with relaxed SIMD does not compile all the same, the one without is taken', async () => {
  assert.equal(await assertTakes(REFUSED, 'cpu'), true);
});

test('then it is also the one that is kept to open without a network, from the second visit on', async () => {
  const host = await start({ scripts: REFUSED });
  try {
    const page = await open(host, { query: '?sample=market&device=cpu' });
    await embedded(page, MARKET);
    await page.evaluate(() => navigator.serviceWorker.ready);
    for (const cut of [() => {}, host.cut]) {
      cut();
      await page.reload();
      await embedded(page, MARKET);
    }
  } finally {
    await host.close();
  }
});
