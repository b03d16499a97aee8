// @ts-check
/**
 * Models that can be downloaded by name, the suggested one first. To add one, add an entry.
 *
 * An entry stands for exactly these bytes where `revision` is a commit and `sha256` is known; otherwise the page lists
 * it as "not verified". To find out the hash, set `revision` to a commit and download the entry on the page from a hub
 * that you trust: the list then shows the SHA-256 of what was stored.
 *
 * @typedef {object} CatalogueEntry
 * @property {string} name
 * @property {string} repository   on Hugging Face
 * @property {string} revision     branch, tag or commit; a commit where `sha256` is known
 * @property {string} file         with the weights
 * @property {string} sha256       of the image tower as it is stored, in hexadecimal; '' if it is not known
 * @property {number} bytes        of the image tower, F32: what is downloaded
 * @property {string} licence      as the model's card says
 * @property {string} use          what it is good for: one sentence
 */

/**
 * Most memory that a tab takes in addition to the weights while it loads and checks them: tests/bench/folder.js
 * measures it.
 */
const WORKING_BYTES = 150e6;

/**
 * What an encoder on one CPU worker takes in memory.
 * @param {number} bytes  of its image tower
 */
export function memoryFor(bytes) {
  return bytes + WORKING_BYTES;
}

/**
 * What the catalogue calls a file of weights, if it knows it.
 * @param {string} sha256  of the image tower as it was stored first, '' if unknown
 */
export function entryOf(sha256) {
  return CATALOGUE.find((entry) => entry.sha256 !== '' && entry.sha256 === sha256) ?? null;
}

/** @type {CatalogueEntry[]} */
export const CATALOGUE = [
  {
    name: 'TinyCLIP ViT-8M/16',
    repository: 'wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M',
    revision: 'main',
    file: 'model.safetensors',
    sha256: '',
    bytes: 33e6,
    licence: 'MIT',
    use: 'Small and fast: the one to begin with, also on a phone.',
  },
  {
    name: 'TinyCLIP ViT-40M/32',
    repository: 'wkcn/TinyCLIP-ViT-40M-32-Text-19M-LAION400M',
    revision: 'main',
    file: 'model.safetensors',
    sha256: '',
    bytes: 159e6,
    licence: 'MIT',
    use: 'Medium.',
  },
  {
    name: 'ViT-B/32 LAION-2B',
    repository: 'laion/CLIP-ViT-B-32-laion2B-s34B-b79K',
    revision: 'main',
    file: 'model.safetensors',
    sha256: '',
    bytes: 351e6,
    licence: 'MIT',
    use: 'Standard size, trained on two billion public images.',
  },
  {
    name: 'ViT-B/32 OpenAI',
    repository: 'timm/vit_base_patch32_clip_224.openai',
    revision: 'main',
    file: 'open_clip_model.safetensors',
    sha256: '',
    bytes: 351e6,
    licence: 'Apache-2.0',
    use: 'The first published CLIP of this size, for comparison with the literature.',
  },
  {
    name: 'ViT-B/16 OpenAI',
    repository: 'timm/vit_base_patch16_clip_224.openai',
    revision: 'main',
    file: 'open_clip_model.safetensors',
    sha256: '',
    bytes: 345e6,
    licence: 'Apache-2.0',
    use: 'The backbone of CLIP-ReID and CLIP-HandID: finer, and four times the work of ViT-B/32.',
  },
  {
    name: 'RN50 OpenAI',
    repository: 'timm/resnet50_clip.openai',
    revision: 'main',
    file: 'open_clip_model.safetensors',
    sha256: '',
    bytes: 153e6,
    licence: '',
    use: 'CLIP’s ResNet, for comparison with the literature.',
  },
  {
    name: 'ViT-L/14 OpenAI',
    repository: 'timm/vit_large_patch14_clip_224.openai',
    revision: 'main',
    file: 'open_clip_model.safetensors',
    sha256: '',
    bytes: 1216e6,
    licence: 'Apache-2.0',
    use: 'Large: for a computer with WebGPU and plenty of memory.',
  },
];
