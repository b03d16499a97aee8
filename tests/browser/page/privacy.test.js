/** What the page promises: nothing leaves it, not from its workers either, and what it asks servers for is shown. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { probed, scriptsWithProbe, SEEING, startSecondServer } from '../helpers/leaks.js';
import { embedded, eventually, open, start } from '../helpers/page.js';

/** @type {Awaited<ReturnType<typeof startSecondServer>>} */
let other;
before(async () => {
  other = await startSecondServer();
});
after(() => other.close());

test('no worker that sees images can send anything to another server', async () => {
  const host = await start({ scripts: scriptsWithProbe(other.address) });
  try {
    const page = await open(host, { query: '?device=cpu' });
    await embedded(page, 120);
    await eventually(async () => {
      const reports = probed(host.requests);
      for (const worker of SEEING)
        assert.ok(
          reports.some((report) => report.worker === worker),
          `no probe ran in ${worker}`,
        );
      for (const { worker, tries } of reports)
        assert.deepEqual([...new Set(Object.values(tries))], ['stopped'], `${worker}: ${JSON.stringify(tries)}`);
    });
    assert.deepEqual(other.received, []);
  } finally {
    await host.close();
  }
});

test('the list of requests counts what workers ask for', async () => {
  const host = await start();
  try {
    const page = await open(host, { query: '?device=cpu', context: { serviceWorkers: 'block' } });
    await embedded(page, 120);
    const asked = host.requests.filter((path) => path.endsWith('.wasm')).length;
    assert.ok(asked > 0, 'no worker asked for its package');
    await page.locator('#privacy-button').click();
    await eventually(async () => {
      const shown = Number(/: (\d+) requests/.exec(await page.locator('.origins').innerText())?.[1]);
      const own = host.requests.filter((path) => !path.includes('favicon')).length;
      assert.ok(shown >= own, `${shown} are shown, the server counts ${own}`);
    });
  } finally {
    await host.close();
  }
});
