// @ts-check

const QUALITY = 0.85;
const JPEG = [0xff, 0xd8, 0xff];

/**
 * A small JPEG for the page; resized in Rust, so it shows what the encoder sees.
 *
 * @param {import('../../pkg/gpu/reid_web.js').DecodedImage} image
 * @param {Uint8Array} bytes  of the file
 * @param {number} side  of the square that it fits into
 * @returns {Promise<Blob | null>}  null if the file is one itself
 */
export async function toJpeg(image, bytes, side) {
  const isSmall = Math.max(image.width, image.height) <= side;
  if (isSmall && JPEG.every((byte, index) => byte === bytes[index])) return null;
  const small = image.thumbnail(side);
  const { width, height } = small;
  const pixels = new ImageData(new Uint8ClampedArray(small.rgba()), width, height);
  small.free();
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
}
