/**
 * What is measured: for every model and way to run, the entrants that take turns.
 *
 * @typedef {{key: string, model: string, way: string, entrant: string, label: string, setting: any, hasFolder: boolean}} Case
 */
const MODELS = ['drawn-hands', 'tinyclip-8m-16', 'vit-b-32', 'vit-b-16'];
const BIG = /^vit-b/;

/**
 * @param {{threads: number, pattern: RegExp, quick: boolean}} options  `threads`: all that the machine has
 * @returns {Case[]}
 */
export function cases({ threads, pattern, quick }) {
  const all = MODELS.flatMap((model) => [
    // At one thread the end-to-end run is left out: the page always decodes on several workers.
    ...group(model, 'cpu-1', { device: 'cpu', threads: 1 }, false),
    ...group(model, 'cpu-all', { device: 'cpu', threads }, true),
    // 8-bit arithmetic is for the CPU, ours and ONNX’s.
    ...group(model, 'webgpu', { device: 'webgpu', threads: 1 }, true).filter(({ setting }) => setting.dtype === 'fp32'),
  ]);
  return all.filter(({ key, model, way }) => pattern.test(key) && !(quick && way === 'webgpu' && BIG.test(model)));
}

/**
 * @param {string} model
 * @param {string} way
 * @param {any} setting
 * @param {boolean} hasFolder
 * @returns {Case[]}
 */
function group(model, way, setting, hasFolder) {
  const entrants = /** @type {const} */ ([
    ['ours', 'ours', 'fp32'],
    ['ours-8bit', 'ours', 'q8'],
    ['ort-fp32', 'onnxruntime', 'fp32'],
    ['ort-q8', 'onnxruntime', 'q8'],
    ['transformers', 'transformers', 'fp32'],
  ]);
  return entrants.map(([label, entrant, dtype]) => ({
    key: `${model}/${way}/${label}`,
    model,
    way,
    entrant,
    label,
    setting: { ...setting, dtype },
    // onnxruntime-web does not decode images.
    hasFolder: hasFolder && entrant !== 'onnxruntime',
  }));
}
