/** Embeddings from files next to what is in the sets already: embeddings, images, and a model. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { EXPECTED, PATHS, assertPythonsNumbers, dropAll, npy, rowsOf, writerOf } from '../helpers/embedding-files.js';
import { embedded, fixture, loadModel, open, openFolders, start } from '../helpers/page.js';

/** @type {Awaited<ReturnType<typeof start>>} */
let host;
/** @type {string} a folder for files that are dropped */
let folder;
before(async () => {
  host = await start();
  folder = mkdtempSync(join(tmpdir(), 'reid-web-imports-'));
});
after(() => {
  rmSync(folder, { recursive: true });
  return host.close();
});

const { write, pair } = writerOf(() => folder);

test('more embeddings are added to those here; what neither file nor path places is asked for', async () => {
  const page = await open(host);
  await dropAll(page, pair('queries', EXPECTED.query));
  await embedded(page, EXPECTED.query.length);
  const unplaced = EXPECTED.gallery.map(
    (/** @type {string} */ path) => `${path.replaceAll('/', '-')},${path.split('/')[1]}`,
  );
  await dropAll(page, [
    write('rest.npy', npy(rowsOf(EXPECTED.gallery))),
    write('rest.csv', `path,identity\n${unplaced.join('\n')}\n`),
  ]);
  await page.getByRole('button', { name: 'Search in these' }).click();
  await assertPythonsNumbers(page);
  await dropAll(page, pair('queries', EXPECTED.query));
  await page.getByTestId('notice').getByText('27 of them already here').waitFor();
  await assertPythonsNumbers(page);
  await page.context().close();
});

test('nothing is lost: images make room for embeddings only when asked to, and come back', async () => {
  const page = await openFolders(host);
  await dropAll(page, pair('embeddings'));
  await page
    .getByTestId('notice')
    .getByText('35 images here: embeddings from files cannot be compared with them')
    .waitFor();
  assert.equal(await page.locator('.tile img[src]').count(), PATHS.length);
  await page.getByTestId('replace').click();
  await page.getByTestId('notice').getByText('27 query and 8 gallery embeddings').waitFor();
  await assertPythonsNumbers(page);
  assert.equal(await page.locator('.tile img[src]').count(), 0);
  await page.getByTestId('undo').click();
  await assertPythonsNumbers(page);
  assert.equal(await page.locator('.tile img[src]').count(), PATHS.length);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('a model that is loaded changes no imported embedding; images ask before they take their place', async () => {
  const page = await open(host);
  await dropAll(page, pair('embeddings'));
  await assertPythonsNumbers(page);
  await loadModel(page);
  await assertPythonsNumbers(page);
  await page.getByTestId('clear').click();
  await embedded(page, 0);
  await page.getByTestId('undo').click();
  await assertPythonsNumbers(page);
  await dropAll(page, [fixture('page/folders')]);
  await page.getByTestId('notice').getByText('35 imported embeddings here').waitFor();
  await page.getByTestId('replace').click();
  await page
    .locator('.tile img[src]')
    .nth(PATHS.length - 1)
    .waitFor({ state: 'attached' });
  await assertPythonsNumbers(page);
  await page.getByTestId('undo').click();
  await assertPythonsNumbers(page);
  assert.equal(await page.locator('.tile img[src]').count(), 0);
  assert.deepEqual(page.errors, []);
  await page.context().close();
});
