/** Image files made on the spot. */
import { deflateSync } from 'node:zlib';

/** @param {Buffer} bytes */
function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/** @param {string} kind @param {Buffer} content */
function chunk(kind, content) {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), content]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, checksum]);
}

/**
 * A PNG header for any size, with pixels that need not fit it.
 *
 * @param {number} width
 * @param {number} height
 * @param {Buffer} rows  each a filter byte and RGB pixels
 */
function pngOf(width, height, rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/**
 * One colour, many pixels: takes long to decode and resize, is small on disk.
 *
 * @param {number} width
 * @param {number} height
 * @param {[number, number, number]} colour
 */
export function plainPng(width, height, colour) {
  const row = Buffer.alloc(1 + width * 3);
  for (let x = 0; x < width; x += 1) row.set(colour, 1 + x * 3);
  return pngOf(width, height, Buffer.concat(Array.from({ length: height }, () => row)));
}

/** A PNG that says it has 100 000 × 100 000 pixels. */
export function hugePng() {
  return pngOf(100_000, 100_000, Buffer.alloc(64));
}
