// @ts-check
/**
 * From a file to pixels. Rust decodes what it knows; only what it does not know (HEIC, AVIF) is left to the
 * browser, whose colours differ from one to the next.
 *
 * @typedef {import('../../package.js').Package} Package
 */

/**
 * @param {Package} reid
 * @param {Blob} file
 * @param {Uint8Array} bytes  of the file
 */
export async function openImage(reid, file, bytes) {
  if (reid.DecodedImage.knows(bytes)) return reid.DecodedImage.decode(bytes);
  const bitmap = await createImageBitmap(file).catch(() => null);
  // Neither knows it: Rust says what it is, that this browser cannot read it, and what to do.
  if (!bitmap) return reid.DecodedImage.decode(bytes);
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser does not provide a canvas to decode this format with');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  const { data } = context.getImageData(0, 0, width, height);
  return reid.DecodedImage.fromRgba(width, height, new Uint8Array(data.buffer));
}
