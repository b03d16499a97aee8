// @ts-check
/**
 * Where a model is fetched from.
 *
 * @typedef {object} Source
 * @property {string} id               names its folder in the storage
 * @property {string} name             shown
 * @property {string[]} weights        addresses, the first that exists is taken
 * @property {string[]} configs        likewise; none may exist
 * @property {string[]} preprocessors  likewise
 * @property {string} licence          what the catalogue knows of it, or ''
 */
import { configsFor, PREPROCESSORS, WEIGHTS, weightName } from './file-names.js';

const HUB = 'https://huggingface.co';
const REPOSITORY = /^[\w.-]+\/[\w.-]+$/;
const ACCEPTED = 'accepted are a repository such as wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M, its address, or the address of a weight file (.safetensors, .pt, .pth, .bin, .ckpt, .pth.tar)';

/**
 * The address that repositories are asked for at: Hugging Face's, or that of a mirror, from ?hub=
 *
 * @param {string | null} wished
 */
export function hubFrom(wished) {
  if (!wished) return HUB;
  const address = toUrl(wished);
  return address ? `${address.origin}${address.pathname}`.replace(/\/$/, '') : HUB;
}

/**
 * @param {import('./catalogue.js').CatalogueEntry} entry
 * @param {string} hub
 * @returns {Source}
 */
export function fromCatalogue({ name, repository, revision, file, licence }, hub) {
  return fromFolder(`${hub}/${repository}/resolve/${revision}`, [file], name, licence);
}

/**
 * What somebody typed.
 *
 * @param {string} text
 * @param {string} hub
 * @returns {Source}
 * @throws {Error} if it is neither a repository nor an address
 */
export function fromText(text, hub) {
  const wished = text.trim();
  const [repository, revision = 'main'] = wished.split('@');
  if (REPOSITORY.test(repository)) return fromFolder(`${hub}/${repository}/resolve/${revision}`, WEIGHTS, repository);
  const address = toUrl(wished);
  if (!address) throw new Error(`“${wished}” is not understood; ${ACCEPTED}.`);
  return fromAddress(address);
}

/** @param {URL} address */
function fromAddress({ origin, pathname }) {
  const path = pathname.replace('/blob/', '/resolve/').replace(/\/$/, '');
  if (weightName(path.split('/').at(-1) ?? '') !== null) {
    const cut = path.lastIndexOf('/');
    const folder = path.slice(0, cut);
    const repository = folder.split('/resolve/')[0].slice(1);
    return fromFolder(origin + folder, [path.slice(cut + 1)], repository || path.slice(cut + 1));
  }
  const [repository, revision = 'main'] = path.slice(1).split(/\/(?:tree|resolve)\//);
  if (!REPOSITORY.test(repository)) throw new Error(`${origin}${pathname} is no repository and no weight file; ${ACCEPTED}.`);
  return fromFolder(`${origin}/${repository}/resolve/${revision}`, WEIGHTS, repository);
}

/**
 * @param {string} folder  address of the folder that holds the files
 * @param {string[]} weights
 * @param {string} name
 * @param {string} [licence]
 * @returns {Source}
 */
function fromFolder(folder, weights, name, licence = '') {
  const at = (/** @type {string} */ file) => `${folder}/${file}`;
  const id = `${folder.replace(/^https?:\/\//, '')}/${weights.length === 1 ? weights[0] : ''}`.replace(/[^\w.-]+/g, '-');
  return { id, name, licence, weights: weights.map(at), configs: configsFor(weights[0]).map(at), preprocessors: PREPROCESSORS.map(at) };
}

/** @param {string} text */
function toUrl(text) {
  const address = URL.canParse(text) ? new URL(text) : null;
  return address && /^https?:$/.test(address.protocol) ? address : null;
}
