// @ts-check
/**
 * The WebAssembly packages: one for the CPU, built twice, and one that also computes on WebGPU.
 *
 * @typedef {typeof import('./pkg/gpu/reid_web.js')} Package
 */

import { PACKAGES } from './pkg/packages.js';

/**
 * The instructions of relaxed SIMD in cpu-relaxed, by opcode, and how many vectors each takes: a browser may lack some.
 */
export const RELAXED = { 0x105: 3, 0x10d: 2, 0x10e: 2 }; // f32x4.relaxed_madd, .relaxed_min, .relaxed_max

/** The name of this browser's package for the CPU. */
export const CPU_PACKAGE = isBuilt('cpu-relaxed') && WebAssembly.validate(moduleWith(RELAXED)) ? 'cpu-relaxed' : 'cpu';

/** While `./build.sh serve` is still at work, some are missing. @param {'cpu' | 'cpu-relaxed' | 'gpu'} name */
export function isBuilt(name) {
  return PACKAGES.includes(name);
}

/**
 * Starts a package.
 * @param {'cpu' | 'gpu'} device
 * @returns {Promise<Package>}
 */
export async function loadPackage(device) {
  if (device === 'gpu' || CPU_PACKAGE === 'cpu') return start(device);
  return start(CPU_PACKAGE).catch((error) => {
    if (!(error instanceof WebAssembly.CompileError)) throw error;
    return start('cpu');
  });
}

/** @param {'cpu' | 'cpu-relaxed' | 'gpu'} name */
async function start(name) {
  const module = await import(`./pkg/${name}/reid_web.js`);
  await module.default();
  return module;
}

/**
 * A module with one function, which uses each instruction once.
 * @param {Record<number, number>} instructions  opcode → vectors taken
 */
function moduleWith(instructions) {
  const zeros = [0x41, 0x00, 0xfd, 0x11]; // i32.const 0, i32x4.splat
  const code = Object.entries(instructions).flatMap(([opcode, taken]) => {
    return [...Array(taken).fill(zeros).flat(), 0xfd, ...twoBytes(Number(opcode)), 0x1a]; // drop
  });
  const body = [0x00, ...code, 0x0b];
  const section = [0x01, ...twoBytes(body.length), ...body];
  const magic = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]; // and the version
  const type = [0x01, 0x04, 0x01, 0x60, 0x00, 0x00]; // nothing → nothing
  const declaration = [0x03, 0x02, 0x01, 0x00]; // of one function
  return new Uint8Array([...magic, ...type, ...declaration, 0x0a, ...twoBytes(section.length), ...section]);
}

/** A number below 2^14 in LEB128. @param {number} value */
function twoBytes(value) {
  return [(value & 0x7f) | 0x80, value >> 7];
}
