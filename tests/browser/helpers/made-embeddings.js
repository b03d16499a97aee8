/** Made embeddings, imported, and the study of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drop, embedded, open } from './page.js';

/** @typedef {[set: 'query' | 'gallery', identity: string | null, camera: string | null, embedding: number[]]} Image */

/**
 * A visit with these embeddings, imported.
 *
 * @param {Parameters<typeof open>[0]} host
 * @param {string} folder  for the file
 * @param {Image[]} images
 */
export async function openImages(host, folder, images) {
  const json = join(folder, 'embeddings.json');
  const lines = images.map(([set, identity, camera, embedding], at) => ({
    path: `${set}/${at}.png`,
    set,
    identity,
    camera,
    embedding,
  }));
  writeFileSync(json, JSON.stringify({ model: null, images: lines }));
  const page = await open(host);
  await drop(page, '[data-testid=drop-dataset]', [json]);
  await embedded(page, images.length);
  return page;
}

/** Three identities, two queries and two gallery images of each, all of one camera. @returns {Image[]} */
export const oneCamera = () =>
  [...Array(12).keys()].map((at) => [at < 6 ? 'query' : 'gallery', String(Math.floor((at % 6) / 2)), '1', unit(at)]);

/** A direction for each identity, slightly turned. @param {number} at */
export const unit = (at) => [0, 1, 2].map((axis) => (axis === Math.floor((at % 6) / 2) ? 1 : 0.01 * ((at % 5) + axis)));

/** @param {import('playwright-core').Page} page */
export async function openStudy(page) {
  await page.locator('#study > summary').click();
  await page.locator('.study-table tbody tr').first().waitFor();
}

/** @param {import('playwright-core').Page} page @param {string} name */
export const cell = (page, name) =>
  page
    .locator('.study-table tr')
    .filter({ has: page.getByRole('rowheader', { name, exact: true }) })
    .locator('td');
