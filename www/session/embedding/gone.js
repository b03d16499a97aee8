// @ts-check

/**
 * Whether the browser cannot read a file any more: it was changed, moved or deleted, or what it lies on was taken away.
 * What browsers say then is of no use to a person, and differs from one to the next.
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
