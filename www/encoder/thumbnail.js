// @ts-check

const QUALITY = 0.85;
const JPEG = [0xff, 0xd8, 0xff];

/**
 * A small JPEG for the page; resized in Rust, so it shows what the encoder sees. A file that is one already is
 * taken as it is.
 *
 * @param {import('../pkg/gpu/reid_web.js').DecodedImage} image
 * @param {Blob} file
 * @param {number} side  of the square that it fits into
 * @returns {Promise<Blob>}
 */
export async function toJpeg(image, file, side) {
  if (Math.max(image.width, image.height) <= side && (await isJpeg(file))) return file;
  const small = image.thumbnail(side);
  const { width, height } = small;
  const pixels = new ImageData(new Uint8ClampedArray(small.rgba()), width, height);
  small.free();
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
}

/** @param {Blob} file */
async function isJpeg(file) {
  const beginning = new Uint8Array(await file.slice(0, JPEG.length).arrayBuffer());
  return JPEG.every((byte, index) => byte === beginning[index]);
}
