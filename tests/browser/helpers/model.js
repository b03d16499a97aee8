/** What a person does with a model: correct what is assumed of it, and save what it makes of the fixture's folders. */
import { embedded, saved } from './page.js';

/** Of page/folders. */
export const IMAGES = 35;

/** @param {import('playwright-core').Page} page @param {number} [images] @returns {Promise<number[][]>} */
export async function embeddings(page, images = IMAGES) {
  await embedded(page, images);
  return JSON.parse(await saved(page, 'embeddings')).images.map((/** @type {any} */ image) => image.embedding);
}

/** @param {import('playwright-core').Page} page @param {string} field @param {string} value */
export async function correct(page, field, value) {
  await page.locator('#model-button').click();
  await page.locator(`.assumption select[data-field=${field}]`).selectOption(value);
  await page.waitForFunction(
    ([name, wished]) => {
      const select = /** @type {HTMLSelectElement | null} */ (
        document.querySelector(`.assumption select[data-field=${name}]`)
      );
      const isReady = document.querySelector('#model-button')?.getAttribute('data-status') === 'ready';
      return isReady && select?.selectedOptions[0]?.defaultSelected && select.value === wished;
    },
    [field, value],
  );
  await page.keyboard.press('Escape');
}
