// @ts-check

/**
 * One hash for a set of files: the SHA-256 of their SHA-256 in hexadecimal, sorted, one per line.
 * `find FOLDER -type f -exec sha256sum {} + | cut -c1-64 | sort | sha256sum` gives the same.
 *
 * @param {(string | null)[]} contents   SHA-256 of each file
 * @returns {Promise<string | null>}     null where one is not known, and where the browser has no SHA-256
 */
export async function fingerprint(contents) {
  if (contents.length === 0 || contents.includes(null) || !crypto.subtle) return null;
  const lines = contents
    .toSorted()
    .map((content) => `${content}\n`)
    .join('');
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(lines));
  return Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
