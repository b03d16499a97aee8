// @ts-check
/**
 * The WebAssembly packages: one for the CPU, built twice, and one that also computes on WebGPU.
 *
 * @typedef {typeof import('./pkg/gpu/reid_web.js')} Package
 */

/** A module with a multiply-add of four numbers at once, which browsers without relaxed SIMD refuse. */
const MULTIPLY_ADD = new Uint8Array([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b, 0x03, 0x02, 0x01, 0x00,
  0x0a, 0x13, 0x01, 0x11, 0x00, 0x41, 0x00, 0xfd, 0x11, 0x41, 0x00, 0xfd, 0x11, 0x41, 0x00, 0xfd, 0x11, 0xfd, 0x85, 0x02, 0x0b,
]);

/** The name of this browser's package for the CPU. */
export const CPU_PACKAGE = WebAssembly.validate(MULTIPLY_ADD) ? 'cpu-relaxed' : 'cpu';

/**
 * Starts a package.
 * @param {'cpu' | 'gpu'} device
 * @returns {Promise<Package>}
 */
export async function loadPackage(device) {
  const name = device === 'cpu' ? CPU_PACKAGE : device;
  const module = await import(`./pkg/${name}/reid_web.js`);
  await module.default();
  return module;
}
