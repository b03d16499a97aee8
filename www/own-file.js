// @ts-check

/**
 * A file that is deployed with the page.
 *
 * @param {string} path  from the folder of this module
 * @param {AbortSignal} [signal]
 * @returns {Promise<File>}
 */
export async function ownFile(path, signal) {
  const response = await fetch(new URL(path, import.meta.url), { signal });
  if (!response.ok)
    throw new Error(`${path}, a file of this page, could not be loaded: the server answered ${response.status}`);
  const blob = await response.blob();
  return new File([blob], path.split('/').at(-1) ?? path, { type: blob.type, lastModified: 0 });
}
