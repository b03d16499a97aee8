// @ts-check

const PIECE_BYTES = 4 << 20;

/**
 * SHA-256 of a file, which is read in pieces.
 *
 * @param {import('../../package.js').Package} reid
 * @param {Blob} file
 * @param {AbortSignal} [signal]
 * @param {(done: number) => void} [onProgress]  bytes
 * @returns {Promise<string>}   in hexadecimal
 */
export async function hashOf(reid, file, signal, onProgress = () => {}) {
  const hash = new reid.Sha256();
  for (let start = 0; start < file.size; start += PIECE_BYTES) {
    signal?.throwIfAborted();
    hash.update(new Uint8Array(await file.slice(start, start + PIECE_BYTES).arrayBuffer()));
    onProgress(Math.min(file.size, start + PIECE_BYTES));
  }
  return hash.finish();
}
