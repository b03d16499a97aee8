// @ts-check
/**
 * Hosts that are not on the public internet: this computer, its network, its provider. A link must not make the page
 * request anything from them. A page cannot recognise a public name that resolves to such an address.
 *
 * Sources: IANA's special-purpose address registries (RFC 6890), names: RFC 6761, 6762, 8375, ICANN's .internal.
 */

/** IPv4 blocks: first address and length of the prefix. */
const PRIVATE_V4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '224.0.0.0/4',
  '240.0.0.0/4',
].map((block) => {
  const [first, length] = block.split('/');
  return { first: toNumber(first.split('.').map(Number)), length: Number(length) };
});

/** Last labels of names that only a local name service knows. */
const PRIVATE_NAMES = [
  'localhost',
  'local',
  'internal',
  'intranet',
  'private',
  'corp',
  'home',
  'lan',
  'home.arpa',
  'localdomain',
  'test',
];

/**
 * @param {string} hostname  as `URL` writes it: lower case, IPv4 as four decimal numbers, IPv6 in brackets
 */
export function isPrivateHost(hostname) {
  const name = hostname.replace(/\.$/, '');
  if (name.startsWith('[')) return isPrivateV6(groupsOf(name.slice(1, -1)));
  if (/^\d+\.\d+\.\d+\.\d+$/.test(name)) return isPrivateV4(toNumber(name.split('.').map(Number)));
  return !name.includes('.') || PRIVATE_NAMES.some((last) => name === last || name.endsWith(`.${last}`));
}

/** @param {number} address */
function isPrivateV4(address) {
  return PRIVATE_V4.some(({ first, length }) => address >>> (32 - length) === first >>> (32 - length));
}

/**
 * Addresses that carry one of IPv4 are as private as that one.
 * @param {number[]} groups  eight
 */
function isPrivateV6(groups) {
  const [first, second] = groups;
  const v4At = (/** @type {number} */ at) => ((groups[at] << 16) | groups[at + 1]) >>> 0;
  const begins = (/** @type {number[]} */ ...those) => those.every((group, at) => groups[at] === group);
  if (begins(0, 0, 0, 0, 0, 0xffff) || begins(0, 0, 0, 0, 0xffff, 0) || begins(0x64, 0xff9b, 0, 0, 0, 0))
    return isPrivateV4(v4At(6));
  // 6to4, and Teredo, which turns the bits of the address round.
  if (first === 0x2002) return isPrivateV4(v4At(1));
  if (first === 0x2001 && second === 0) return isPrivateV4(~v4At(6) >>> 0);
  // Only 2000::/3 is public.
  return first >>> 13 !== 1;
}

/** @param {string} address  IPv6 as `URL` writes it, without dots @returns {number[]} */
function groupsOf(address) {
  const [left, right] = address
    .split('::')
    .map((half) => (half ? half.split(':').map((group) => parseInt(group, 16)) : []));
  if (right === undefined) return left;
  return [...left, ...Array(8 - left.length - right.length).fill(0), ...right];
}

/** @param {number[]} bytes  four */
function toNumber(bytes) {
  return bytes.reduce((number, byte) => number * 256 + byte, 0);
}
