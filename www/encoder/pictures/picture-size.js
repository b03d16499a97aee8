// @ts-check
/** How much memory a picture takes once it is decoded, judged by the beginning of its file. */

/** Bytes that are read: sizes come after descriptions and previews. */
const HEAD = 128 * 1024;
/** In memory, for a decoded pixel. */
const BYTES_PER_PIXEL = 4;
/** Pixels per byte of the file, where its beginning does not say; photos have about four. */
const PIXELS_PER_BYTE = 8;

/**
 * @param {Blob} file
 * @returns {Promise<number>}  bytes; a guess where the format is not known here
 */
export async function decodedBytes(file) {
  const head = await file
    .slice(0, HEAD)
    .arrayBuffer()
    .catch(() => new ArrayBuffer(0));
  const pixels = pixelsOf(new DataView(head)) ?? file.size * PIXELS_PER_BYTE;
  return pixels * BYTES_PER_PIXEL;
}

/**
 * Width times height of a PNG, JPEG, GIF, BMP or WebP file; null of others.
 * @param {DataView} head
 */
export function pixelsOf(head) {
  const ascii = (/** @type {number} */ at, /** @type {number} */ length) =>
    String.fromCharCode(...new Uint8Array(head.buffer, at, length));
  if (head.byteLength < 30) return null;
  if (head.getUint32(0) === 0x89504e47) return head.getUint32(16) * head.getUint32(20);
  if (head.getUint16(0) === 0xffd8) return pixelsOfJpeg(head);
  if (ascii(0, 4) === 'GIF8') return head.getUint16(6, true) * head.getUint16(8, true);
  if (ascii(0, 2) === 'BM') return Math.abs(head.getInt32(18, true) * head.getInt32(22, true));
  return ascii(0, 4) === 'RIFF' && ascii(8, 4) === 'WEBP' ? pixelsOfWebP(head, ascii(12, 4)) : null;
}

/**
 * Source: ITU-T T.81, table B.1: the size is in the frame header, one of the markers SOF0 to SOF15.
 * @param {DataView} head
 */
function pixelsOfJpeg(head) {
  for (let at = 2; at + 9 < head.byteLength && head.getUint8(at) === 0xff; ) {
    const marker = head.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return head.getUint16(at + 5) * head.getUint16(at + 7);
    at += marker === 0xff ? 1 : 2 + head.getUint16(at + 2);
  }
  return null;
}

/**
 * Source: RFC 9649, sections 2.5 to 2.7, and RFC 6386, section 9.1.
 * @param {DataView} head
 * @param {string} kind  of the first chunk
 */
function pixelsOfWebP(head, kind) {
  const three = (/** @type {number} */ at) => head.getUint16(at, true) + 65536 * head.getUint8(at + 2);
  if (kind === 'VP8X') return (three(24) + 1) * (three(27) + 1);
  if (kind === 'VP8 ') return (head.getUint16(26, true) & 0x3fff) * (head.getUint16(28, true) & 0x3fff);
  if (kind !== 'VP8L') return null;
  const bits = head.getUint32(21, true);
  return ((bits & 0x3fff) + 1) * (((bits >>> 14) & 0x3fff) + 1);
}
