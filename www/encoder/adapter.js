// @ts-check

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|software|basic render/i;
/**
 * What a browser is asked for. Chromium on Linux may have no high-performance adapter, but one without that preference.
 */
const PREFERENCES = [{ powerPreference: 'high-performance' }, {}];

/**
 * The browser's WebGPU adapter, if it has one.
 *
 * @returns {Promise<{name: string, isSoftware: boolean} | null>}
 */
export async function findAdapter() {
  return described(await requestBest(gpu()?.requestAdapter.bind(gpu())));
}

/**
 * From now on whoever asks for an adapter in this worker gets the one that `findAdapter` finds: wgpu has a preference
 * of its own.
 */
export function offerBestAdapter() {
  const request = gpu()?.requestAdapter.bind(gpu());
  if (request) Object.defineProperty(gpu(), 'requestAdapter', { value: () => requestBest(request) });
}

/** @returns {any} WebGPU is not in TypeScript's DOM library of every version */
function gpu() {
  return /** @type {any} */ (navigator).gpu;
}

/**
 * The first that is not software, or else the first.
 *
 * @param {((preference: object) => Promise<any>) | undefined} request
 */
async function requestBest(request) {
  let best = null;
  for (const preference of PREFERENCES) {
    const adapter = await request?.(preference).catch(() => null);
    if (adapter && !described(adapter)?.isSoftware) return adapter;
    best ??= adapter ?? null;
  }
  return best;
}

/** @param {any} adapter */
function described(adapter) {
  if (!adapter) return null;
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const name = description || [vendor, architecture, device].filter(Boolean).join(' ') || 'unnamed adapter';
  const isSoftware = Boolean(isFallbackAdapter) || SOFTWARE.test(`${name} ${architecture}`);
  return { name, isSoftware };
}
