// @ts-check

/**
 * Whether the browser can no longer read a file: it was changed, moved or deleted, or its disk was removed. What
 * browsers say then is of no use to a person, and differs from one to the next.
 *
 * @param {Blob | null} file
 */
export async function isGone(file) {
  if (!file) return false;
  try {
    await file.slice(0, 1).arrayBuffer();
    return false;
  } catch {
    return true;
  }
}

/** The file of an image that has one. @param {import('../../types.js').Item} item */
export function fileOf({ file, path }) {
  if (!file) throw new Error(`${path} has no image`);
  return file;
}
