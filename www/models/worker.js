// @ts-check
/**
 * Downloads models, keeps and checks them: everything that writes to the storage is done here.
 *
 * @typedef {import('./download/download.js').Step} Step
 * @typedef {import('./source.js').Source} Source
 */
import { loadPackage } from '../package.js';
import { Fatal, serve } from '../workers/messages.js';
import { download } from './download/download.js';
import { CONFIGS } from './file-names.js';
import {
  deleteFolder,
  folderIds,
  openFolder,
  readFile,
  readRecord,
  storageTrouble,
  tidyFolder,
  withFile,
  writeAll,
  writeRecord,
} from './storage/folders.js';
import { cosineTo, writeHalf } from './storage/half.js';
import { hashOf } from './storage/hash.js';
import { alone, aloneNow, unused } from './storage/locks.js';
import { roomFor } from './storage/room.js';

const HALF = 'model.f16.safetensors';

/** @type {Promise<import('../package.js').Package> | null} */
let loading = null;
/** @type {Map<string, AbortController>} downloads under way, by id */
const running = new Map();

/**
 * The WebAssembly package, loaded when it is first needed; without it this worker is of no use, but another one may get
 * it.
 */
function reid() {
  loading ??= loadPackage('cpu').catch((error) => {
    throw new Fatal(`the page’s program could not be loaded (${error.message})`);
  });
  return loading;
}

/** What the page can ask for. */
const actions = {
  /** Says why no model can be kept here, '' if one can; removes what a crash has left. */
  async begin() {
    const trouble = await storageTrouble();
    if (trouble) return trouble;
    for (const id of await folderIds()) await unused(id, () => aloneNow(id, () => tidyFolder(id))).catch(() => {});
    return '';
  },

  /**
   * Downloads a model, or resumes a download. Answers when it is complete, with false if it was paused.
   *
   * @param {{source: Source}} args
   * @param {(step: Step) => void} onProgress
   */
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

  /** @param {{id: string}} args */
  pause({ id }) {
    running.get(id)?.abort();
  },

  /**
   * SHA-256 of a file.
   *
   * @param {{file: Blob}} args
   * @param {(progress: {done: number, total: number}) => void} onProgress  bytes
   */
  async hash({ file }, onProgress) {
    return hashOf(await reid(), file, undefined, (done) => onProgress({ done, total: file.size }));
  },

  /**
   * Deletes a model.
   *
   * @param {{id: string}} args
   * @throws {Error} if a tab uses the model, or another one downloads it
   */
  remove({ id }) {
    const own = running.get(id);
    own?.abort();
    return unused(id, () => (own ? alone(id, {}, () => deleteFolder(id)) : aloneNow(id, () => deleteFolder(id))));
  },

  /**
   * Stores the weights of a complete model again as F16, in place of the others.
   *
   * @param {{id: string}} args
   * @throws {Error} if a tab uses the model, or its embeddings would change much; then it stays as it was
   */
  halve({ id }) {
    return unused(id, () => aloneNow(id, () => halve(id)));
  },
};
serve(actions);

/** @typedef {typeof actions} ModelActions */

/** @param {string} id */
async function halve(id) {
  const folder = await openFolder(id);
  const record = await readRecord(folder);
  const weights = folder && record && (await readFile(folder, record.file));
  if (!record?.isComplete || !weights)
    throw new Error('The stored copy is incomplete; delete it and download it again.');
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
