// @ts-check
/**
 * An image of the sets in full size. Where the browser cannot show the file (TIFF, PNM), its thumbnail; where
 * there is none, nothing. A part of other views.
 *
 * @typedef {import('../../types.js').Item} Item
 */
export class FullImageView {
  #image;
  #url = '';
  /** @type {File | null} */
  #file = null;
  /** @type {string | null} */
  #thumbnail = null;
  #isUnreadable = false;

  /** @param {HTMLImageElement} image */
  constructor(image) {
    this.#image = image;
    image.hidden = true;
    image.addEventListener('error', () => {
      this.#isUnreadable = true;
      this.#fallBack();
    });
  }

  /** @param {Item | null} item */
  update(item) {
    this.#thumbnail = item?.thumbnail ?? null;
    if ((item?.file ?? null) !== this.#file) this.#open(item?.file ?? null);
    else if (this.#isUnreadable) this.#fallBack();
  }

  /** @param {File | null} file */
  #open(file) {
    this.#file = file;
    this.#isUnreadable = false;
    if (this.#url) URL.revokeObjectURL(this.#url);
    this.#url = file ? URL.createObjectURL(file) : '';
    this.#image.hidden = file === null;
    if (file) this.#image.src = this.#url;
    else this.#image.removeAttribute('src');
  }

  #fallBack() {
    const thumbnail = this.#thumbnail;
    this.#image.hidden = thumbnail === null;
    if (thumbnail && this.#image.src !== thumbnail) this.#image.src = thumbnail;
  }
}
