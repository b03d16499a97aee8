/** Files that cannot be used, by name: images of every format, and checkpoints. */
import { readFileSync } from 'node:fs';
import { fixture, MODEL } from '../helpers/page.js';
import { hugePng, plainPng } from '../helpers/pictures.js';

const FORMATS = ['rgb.png', '420.jpg', 'lossless.webp', 'palette.gif', 'rgb.bmp', 'lzw.tiff', 'rgb.ppm'];

/** @param {string} name */
const whole = (name) => readFileSync(fixture(`image/decode/${name}`));

/**
 * A copy with some bytes replaced.
 * @param {Buffer} bytes
 * @param {number} at
 * @param {number[]} replacement
 */
function patched(bytes, at, replacement) {
  const copy = Buffer.from(bytes);
  copy.set(replacement, at);
  return copy;
}

/** Damage that each format's decoder must notice: in the header, or in the compressed pixels. */
function corrupted() {
  const png = whole('rgb.png');
  const jpeg = whole('420.jpg');
  const tables = jpeg.indexOf(Buffer.from([0xff, 0xc4])); // Huffman tables
  return {
    'checksum.png': patched(png, 400, [png[400] ^ 1]),
    'no-columns.png': patched(png, 16, [0, 0, 0, 0]),
    'bits.png': patched(png, 24, [7]),
    'tables.jpg': patched(jpeg, tables + 5, Array(16).fill(0xff)),
    'no-rows.jpg': patched(jpeg, jpeg.indexOf(Buffer.from([0xff, 0xc0])) + 5, [0, 0]),
    'stream.webp': patched(whole('lossless.webp'), 40, Array(200).fill(0xa5)),
    'codes.gif': patched(whole('palette.gif'), whole('palette.gif').length - 300, Array(40).fill(0xff)),
    'no-frame.gif': Buffer.from('GIF89a\x04\x00\x03\x00\x00\x00\x00\x3b', 'latin1'),
    'huge.bmp': patched(whole('rgb.bmp'), 18, [0xff, 0xff, 0xff, 0x7f]),
    'bits.bmp': patched(whole('rgb.bmp'), 28, [13, 0]),
    'directory.tiff': patched(whole('lzw.tiff'), 4, [0xff, 0xff, 0xff, 0x7f]),
    'letters.ppm': Buffer.from('P6\nwide high\n255\nabc'),
    'no-columns.ppm': Buffer.from('P6\n0 4\n255\n'),
  };
}

/** What is no image at all, whatever it is called. */
function foreign() {
  return {
    'text.jpg': Buffer.from('This is a text file that was called .jpg by mistake.\n'),
    'page.jpg': Buffer.from('<!doctype html><title>404 Not Found</title>'),
    'document.png': Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n'),
    'archive.png': Buffer.from('PK\x03\x04\x14\x00\x00\x00\x08\x00', 'latin1'),
    'film.jpg': Buffer.from('\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41', 'latin1'),
    'zeros.png': Buffer.alloc(5000),
    'noise.jpg': Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * index * 31 + 7 * index) & 255)),
    pointer: Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 3\n'),
  };
}

/** @returns {Record<string, Buffer>} */
export function brokenImages() {
  const halves = FORMATS.map((name) => [`half-${name}`, whole(name).subarray(0, whole(name).length / 2)]);
  const beginnings = FORMATS.map((name) => [`beginning-${name}`, whole(name).subarray(0, 14)]);
  const empty = FORMATS.map((name) => [`empty-${name}`, Buffer.alloc(0)]);
  const sizes = { 'huge.png': hugePng(), 'long.png': plainPngHeader() };
  return { ...Object.fromEntries([...halves, ...beginnings, ...empty]), ...corrupted(), ...foreign(), ...sizes };
}

/** More columns than are accepted, in a file that is whole. */
function plainPngHeader() {
  return plainPng(1_000_001, 1, [9, 9, 9]);
}

/**
 * Checkpoints that must be refused: the two files, and what the error must name.
 *
 * @returns {{name: string, config: Buffer, weights: Buffer, says: RegExp}[]}
 */
export function brokenModels() {
  const [config, weights] = MODEL.map((path) => readFileSync(path));
  const length = Number(weights.readBigUInt64LE(0));
  const header = weights.subarray(8, 8 + length).toString();
  const data = weights.subarray(8 + length);
  /** @param {string} json @param {Buffer} [tensors] */
  const withHeader = (json, tensors = data) => {
    const size = Buffer.alloc(8);
    size.writeBigUInt64LE(BigInt(Buffer.byteLength(json)));
    return Buffer.concat([size, Buffer.from(json), tensors]);
  };
  /** @param {string} from @param {string} to */
  const renamed = (from, to) => withHeader(header.replace(from, to));
  const overlapping =
    '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}';
  /** @param {object} keys */
  const configured = (keys) => Buffer.from(JSON.stringify({ ...JSON.parse(config.toString()), ...keys }));
  return [
    { name: 'empty', config, weights: Buffer.alloc(0), says: /ends after 0 bytes/ },
    { name: 'zip', config, weights: Buffer.from('PK\x03\x04 a zip archive, as torch.save writes it'), says: /archive/ },
    {
      name: 'lying-length',
      config,
      weights: patched(weights, 0, [255, 255, 255, 255, 255, 255, 255, 127]),
      says: /no known kind of weight file|length of its header/,
    },
    { name: 'no-json', config, weights: withHeader('{"vision_model'), says: /not valid JSON/ },
    { name: 'truncated', config, weights: weights.subarray(0, -1000), says: /truncated/ },
    {
      name: 'missing',
      config,
      weights: renamed('vision_model.post_layernorm.bias', 'text_model.post_layernorm.bias'),
      says: /vision_model\.post_layernorm\.bias.*missing/,
    },
    {
      name: 'surplus',
      config,
      weights: renamed('visual_projection.weight', 'vision_model.head.weight'),
      says: /vision_model\.head\.weight does not belong/,
    },
    {
      name: 'misshapen',
      config,
      weights: renamed('[48,64]', '[64,48]'),
      says: /model\.safetensors: tensor visual_projection.*shape \[64, 48\].*\[48, 64\]/,
    },
    {
      name: 'integers',
      config,
      weights: withHeader(header.replaceAll('"F32"', '"I64"')),
      says: /stored as I64, expected F32, F16 or BF16/,
    },
    { name: 'overlapping', config, weights: withHeader(overlapping, Buffer.alloc(12)), says: /a and b overlap/ },
    {
      name: 'not-a-number',
      config,
      weights: patched(weights, weights.length - 4, [0, 0, 192, 127]),
      says: /NaN.*must be finite/,
    },
    {
      name: 'another-model',
      config: configured({ model_type: 'bert' }),
      weights,
      says: /config\.json: model_type is "bert"/,
    },
    { name: 'no-config', config: Buffer.from('<html>'), weights, says: /not valid JSON/ },
    { name: 'heads', config: configured({ num_attention_heads: 5 }), weights, says: /heads/ },
  ];
}
