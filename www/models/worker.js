// @ts-check
/** Fetches models, keeps and checks them: everything that writes to the storage is done here. */
import { serve } from '../messages.js';
import { loadPackage } from '../package.js';
import { download } from './download.js';
import { CONFIGS } from './file-names.js';
import { cosineTo, writeHalf } from './half.js';
import { hashOf } from './hash.js';
import { alone, unused } from './locks.js';
import { roomFor } from './room.js';
import { deleteFolder, openFolder, readFile, readRecord, withFile, writeAll, writeRecord } from './storage.js';

const HALF = 'model.f16.safetensors';

/** @type {Promise<import('../package.js').Package> | null} */
let loading = null;
/** @type {Map<string, AbortController>} downloads under way, by id */
const running = new Map();

/** The WebAssembly package, when it is first needed. */
function reid() {
  loading ??= loadPackage('cpu');
  return loading;
}

serve({
  /** Fetches a model, or goes on with one. Answers when it is complete, with false if it was paused. */
  async download({ source }, onProgress) {
    const abort = new AbortController();
    running.set(source.id, abort);
    try {
      await download(await reid(), source, { signal: abort.signal, onProgress });
      return true;
    } catch (error) {
      if (abort.signal.aborted) return false;
      throw error;
    } finally {
      running.delete(source.id);
    }
  },

  pause({ id }) {
    running.get(id)?.abort();
  },

  /** SHA-256 of a file. */
  async hash({ file }) {
    return hashOf(await reid(), file);
  },

  /** @throws {Error} if a tab uses the model */
  remove({ id }) {
    running.get(id)?.abort();
    return unused(id, () => alone(id, {}, () => deleteFolder(id)));
  },

  /**
   * Stores the weights of a complete model again as F16, in place of the others.
   * @throws {Error} if a tab uses the model, or its embeddings change much; then it stays as it was
   */
  halve({ id }) {
    return unused(id, () => alone(id, {}, () => halve(id)));
  },
});

/** @param {string} id */
async function halve(id) {
  const folder = await openFolder(id);
  const record = await readRecord(folder);
  const weights = record && (await readFile(folder, record.file));
  if (!record?.isComplete || !weights) throw new Error('It is not complete in the storage; fetch it again.');
  const config = (await (await readFile(folder, CONFIGS[0]))?.text()) ?? null;
  const model = { weights, config, choices: null };
  await roomFor(weights.size / 2);
  try {
    const bytes = await withFile(folder, HALF, async (file) => {
      file.truncate(0);
      return writeHalf(await reid(), model, (part, at) => writeAll(file, part, at));
    });
    const half = /** @type {File} */ (await readFile(folder, HALF));
    const cosine = await cosineTo(await reid(), model, half);
    const sha256 = await hashOf(await reid(), half);
    await writeRecord(folder, { ...record, file: HALF, bytes, headerBytes: 0, blocks: [], sha256, cosine });
  } catch (error) {
    await folder.removeEntry(HALF);
    throw error;
  }
  await folder.removeEntry(record.file);
}
