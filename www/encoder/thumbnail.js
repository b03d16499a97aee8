// @ts-check

const QUALITY = 0.85;

/**
 * A small JPEG for the page; resized in Rust, so it shows what the encoder sees.
 *
 * @param {import('../pkg/gpu/reid_web.js').DecodedImage} image
 * @param {number} side  of the square that it fits into
 */
export async function toJpeg(image, side) {
  const small = image.thumbnail(side);
  const { width, height } = small;
  const pixels = new ImageData(new Uint8ClampedArray(small.rgba()), width, height);
  small.free();
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return canvas.convertToBlob({ type: 'image/jpeg', quality: QUALITY });
}
