// @ts-check
/**
 * Where a model is downloaded from.
 *
 * @typedef {object} Source
 * @property {string} id               names its folder in the storage
 * @property {string} name             shown: the repository; the catalogue's name is for what was verified
 * @property {string[]} weights        addresses, the first that exists is taken
 * @property {string[]} configs        likewise; none may exist
 * @property {string[]} preprocessors  likewise
 * @property {string} sha256           that the image tower must have as it is stored, '' if any will do
 *
 * @typedef {{address: string, host: string, isForeign: boolean, refusal: string}} Hub
 * host: the address without its scheme, all of it: on a host that many share, the path tells whose it is; isForeign: a
 * link chose it, so it is not trusted; refusal: why what the link chose is not taken, '' if it is
 */
import { messageOf } from '../events.js';
import { configsFor, PREPROCESSORS, WEIGHTS, weightName } from './file-names.js';
import { isPrivateHost } from './private-hosts.js';

const HUB = 'https://huggingface.co';
const REPOSITORY = /^\w[\w.-]*\/\w[\w.-]*$/;
/** Branch, tag, commit, or refs/pr/1. */
const REVISION = /^\w[\w.+-]*(\/\w[\w.+-]*)*$/;
const MOST_CHARACTERS = 200;
const EXPECTED =
  'Enter owner/name (such as wkcn/TinyCLIP-ViT-8M-16-Text-3M-YFCC15M), its web address, or a link to a ' +
  'weight file (.safetensors, .pt, .pth, .bin, .ckpt, .pth.tar)';

/**
 * The hub that repositories are downloaded from: Hugging Face, or the mirror that ?hub= names.
 *
 * @param {string | null} asked
 * @returns {Hub}
 */
export function hubFrom(asked) {
  const usual = { address: HUB, host: withoutScheme(HUB), isForeign: false, refusal: '' };
  if (!asked) return usual;
  try {
    const { origin, pathname } = toUrl(asked);
    const address = `${origin}${pathname}`.replace(/\/+$/, '');
    return { address, host: withoutScheme(address), isForeign: address !== HUB, refusal: '' };
  } catch (error) {
    const reason = messageOf(error);
    return { ...usual, refusal: `This link requests models from another server, which is not allowed: ${reason}` };
  }
}

/** @param {string} address */
function withoutScheme(address) {
  return address.replace(/^https?:\/\//, '');
}

/**
 * @param {import('./catalogue.js').CatalogueEntry} entry
 * @param {Hub} hub
 * @returns {Source}
 */
export function fromCatalogue({ repository, revision, file, sha256 }, hub) {
  return { ...fromFolder(folderIn(hub.address, repository, revision), [file], repository), sha256 };
}

/**
 * What somebody typed.
 *
 * @param {string} text
 * @param {Hub} hub
 * @returns {Source}
 * @throws {Error} if it is neither a repository nor an address, or an address that is not public
 */
export function fromText(text, hub) {
  const typed = text.trim();
  if (/^https?:/i.test(typed)) return fromAddress(toUrl(typed));
  const [repository, revision = 'main', ...more] = typed.split('@');
  if (more.length > 0 || !isRepository(repository)) throw new Error(`“${typed}” is not a repository. ${EXPECTED}.`);
  return fromFolder(folderIn(hub.address, repository, checked(revision)), WEIGHTS, repository);
}

/** Checks where a request was redirected to. @param {string} address @throws {Error} if no file may come from there */
export function checkAddress(address) {
  toUrl(address);
}

/** @param {URL} address */
function fromAddress({ origin, pathname }) {
  const path = pathname.replace('/blob/', '/resolve/').replace(/\/+$/, '');
  if (weightName(path.split('/').at(-1) ?? '') !== null) {
    const cut = path.lastIndexOf('/');
    const folder = path.slice(0, cut);
    const repository = folder.split('/resolve/')[0].slice(1);
    return fromFolder(origin + folder, [path.slice(cut + 1)], repository || path.slice(cut + 1));
  }
  const [repository, revision = 'main'] = path.slice(1).split(/\/(?:tree|resolve)\//);
  if (!isRepository(repository))
    throw new Error(`${origin}${pathname} is neither a repository nor a weight file. ${EXPECTED}.`);
  return fromFolder(folderIn(origin, repository, checked(revision.replace(/%2f/gi, '/'))), WEIGHTS, repository);
}

/** @param {string} text */
function isRepository(text) {
  return text.length <= MOST_CHARACTERS && REPOSITORY.test(text) && !text.includes('..');
}

/** @param {string} revision @throws {Error} if it is not one */
function checked(revision) {
  if (revision.length <= MOST_CHARACTERS && REVISION.test(revision) && !revision.includes('..')) return revision;
  throw new Error(
    `“${revision}” is not a revision; expected a branch, a tag or a commit, such as main or v1.0, after the @.`,
  );
}

/**
 * @param {string} hub
 * @param {string} repository
 * @param {string} revision
 */
function folderIn(hub, repository, revision) {
  return `${hub}/${repository}/resolve/${encodeURIComponent(revision)}`;
}

/**
 * @param {string} folder  address of the folder that holds the files
 * @param {string[]} weights
 * @param {string} name
 * @returns {Source}
 */
function fromFolder(folder, weights, name) {
  const at = (/** @type {string} */ file) => `${folder}/${file}`;
  const id = idOf(`${folder.replace(/^https:\/\//, '')}/${weights.length === 1 ? weights[0] : ''}`);
  return {
    id,
    name,
    sha256: '',
    weights: weights.map(at),
    configs: configsFor(weights[0]).map(at),
    preprocessors: PREPROCESSORS.map(at),
  };
}

/**
 * A name for a folder, unique to the address: what is stored from one must not be mistaken for another's.
 * @param {string} address
 */
function idOf(address) {
  return address.replace(/[^\w.-]/g, (character) => `+${character.charCodeAt(0).toString(16)}+`);
}

/**
 * @param {string} text
 * @throws {Error} if it is not an address on the public internet or of the page's own host
 */
function toUrl(text) {
  const address = URL.canParse(text) ? new URL(text) : null;
  if (!address || !/^https?:$/.test(address.protocol)) throw new Error(`“${text}” is not a web address.`);
  if (address.username || address.password)
    throw new Error(`The address of “${address.host}” contains a user name or password, which is not allowed.`);
  const isOwn = address.hostname === globalThis.location?.hostname;
  if (isPrivateHost(address.hostname) && !isOwn)
    throw new Error(`${address.hostname} is not a public address; download the file yourself and drop it here.`);
  return address;
}
