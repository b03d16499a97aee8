/** What the page promises about sending, and that it opens without a network, in Firefox and WebKit. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { probed, scriptsWithProbe, SEEING, startSecondServer } from '../helpers/leaks.js';
import { eventually, serve } from '../helpers/site.js';
import { startFirefox } from './firefox.js';
import { startWebKit } from './webkit.js';

const IMAGES = 120;

for (const [name, launch] of /** @type {const} */ ([
  ['Firefox', startFirefox],
  ['WebKit', startWebKit],
])) {
  test(`${name}: no worker that sees images can send anything to another server`, async () => {
    const other = await startSecondServer();
    const site = await serve({ scripts: scriptsWithProbe(other.address) });
    const browser = await launch();
    try {
      const tab = await browser.open(`${site.address}?device=cpu`);
      await tab.embedded(IMAGES);
      await eventually(async () => {
        const reports = probed(site.requests);
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
      await browser.close();
      site.cut();
      other.close();
    }
  });

  test(`${name}: without the server, after a first visit, the page opens with its model and the same metrics`, async () => {
    const site = await serve();
    const browser = await launch();
    try {
      const tab = await browser.open(`${site.address}?device=cpu`);
      await tab.embedded(IMAGES);
      const online = await tab.metrics();
      await tab.evaluate(async () => void (await navigator.serviceWorker.ready));
      site.cut();
      await tab.reload();
      await tab.modelIsReady();
      await tab.embedded(IMAGES);
      assert.deepEqual(await tab.metrics(), online);
    } finally {
      await browser.close();
      site.cut();
    }
  });
}
