// @ts-check

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;

/**
 * The browser's WebGPU adapter, if it has one.
 *
 * @returns {Promise<{name: string, isSoftware: boolean} | null>}
 */
export async function findAdapter() {
  /** @type {any} WebGPU is not in TypeScript's DOM library of every version */
  const gpu = /** @type {any} */ (navigator).gpu;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null);
  if (!adapter) return null;
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const name = description || [vendor, architecture, device].filter(Boolean).join(' ') || 'unnamed adapter';
  const isSoftware = Boolean(isFallbackAdapter) || SOFTWARE.test(`${name} ${architecture}`);
  return { name, isSoftware };
}
