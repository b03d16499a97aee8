// @ts-check
/**
 * Which images of a drop are in the sets already: in the same set, with the same path and the same content. Two images
 * with the same path may differ, even if their size and time are the same.
 *
 * @typedef {import('../../types.js').SetName} SetName
 * @typedef {{set: SetName, path: string}} Placed
 */
import { Slices } from '../../scheduling/slices.js';

/**
 * Contents are compared where set and path are the same, and only there.
 *
 * @template {Placed} T
 * @template {Placed} U
 * @param {T[]} dropped
 * @param {U[]} here
 * @param {(one: T, other: T | U) => boolean | Promise<boolean>} isSame   whether two of one path have the same content
 * @param {AbortSignal} [signal]
 * @returns {Promise<T[]>}  those that are not here, each once
 */
export async function notHere(dropped, here, isSame, signal) {
  /** @type {Map<string, (T | U)[]>} */
  const known = new Map();
  const slices = new Slices(signal);
  const beside = (/** @type {Placed} */ { set, path }) => {
    const key = `${set}/${path}`;
    const found = known.get(key) ?? [];
    known.set(key, found);
    return found;
  };
  await slices.each(here, (one) => void beside(one).push(one));
  const added = [];
  for (const one of dropped) {
    if (slices.areDue) await slices.next();
    const others = beside(one);
    if (others.length > 0 && (await isAmong(one, others, isSame))) continue;
    others.push(one);
    added.push(one);
  }
  return added;
}

/**
 * @template T, U
 * @param {T} one
 * @param {(T | U)[]} others
 * @param {(one: T, other: T | U) => boolean | Promise<boolean>} isSame
 */
async function isAmong(one, others, isSame) {
  for (const other of others) if (await isSame(one, other)) return true;
  return false;
}

/**
 * Whether two images have the same bytes; one that can no longer be read does not.
 *
 * @param {{file: File | null}} one
 * @param {{file: File | null}} other
 */
export async function haveSameBytes({ file: one }, { file: other }) {
  if (!one || !other || one.size !== other.size) return false;
  try {
    const [bytes, others] = await Promise.all(
      [one, other].map(async (file) => new Uint8Array(await file.arrayBuffer())),
    );
    return areEqual(bytes, others);
  } catch {
    return false;
  }
}

/**
 * @param {Uint8Array | Float32Array} one
 * @param {Uint8Array | Float32Array} other
 */
export function areEqual(one, other) {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}
