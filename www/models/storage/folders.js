// @ts-check
/**
 * Models in the browser's own file system: a folder each, with the weights, the configurations as text, and a
 * record. The record says when the weights are complete; before, their length says how far they are.
 *
 * @typedef {object} StoredModel   the record
 * @property {number} format        of this record
 * @property {import('../source.js').Source} source
 * @property {string} address       of the file on the server
 * @property {string} version       of that file: its ETag, or when it was changed
 * @property {string} file          name of the weight file in the folder
 * @property {number} headerBytes   at its beginning that are not of the source
 * @property {import('../download/extraction.js').Span[]} blocks   of the source that follow
 * @property {number} bytes         of the weight file when it is complete
 * @property {boolean} isComplete
 * @property {string} sha256        of the weight file, '' until complete
 * @property {string} [towerSha256]  of the weight file as it was downloaded, by which the catalogue knows it
 * @property {number | null} cosine  of embeddings to those with F32 weights, if it was stored again as F16
 * @property {string} date          when it was completed, ISO 8601
 */

import { messageOf } from '../../events.js';
import { CONFIGS, PREPROCESSOR } from '../file-names.js';

const ROOT = 'models';
const RECORD = 'record.json';
const FORMAT = 1;

const PROBE = 'probe';

/**
 * Why no model can be kept here: one sentence, '' if it can. In a worker only: it tries.
 * @returns {Promise<string>}
 */
export async function storageTrouble() {
  if (!self.isSecureContext) return 'This page was not opened over HTTPS, so the browser stores no files for it.';
  if (!navigator.storage?.getDirectory || !navigator.locks) return 'This browser does not store files for pages.';
  try {
    await root();
  } catch {
    return 'The browser stores no files for this page: the window is private, or the browser’s settings forbid it.';
  }
  try {
    await withFile(await root(), PROBE, (file) => writeAll(file, new Uint8Array(1), 0));
    await (await root()).removeEntry(PROBE);
    return '';
  } catch (error) {
    return `This browser cannot write the files of a model (${messageOf(error)}).`;
  }
}

/**
 * @param {string} id
 * @returns {Promise<FileSystemDirectoryHandle>}
 */
export async function makeFolder(id) {
  return (await root()).getDirectoryHandle(id, { create: true });
}

/**
 * @param {string} id
 * @returns {Promise<FileSystemDirectoryHandle | null>}
 */
export async function openFolder(id) {
  return (await root()).getDirectoryHandle(id).catch(ignoreMissing);
}

/**
 * Deletes a model. The record goes first: what a crash or an error leaves is no longer a model, and `tidyFolder` takes
 * it.
 * @param {string} id
 */
export async function deleteFolder(id) {
  const folder = await openFolder(id);
  await folder?.removeEntry(RECORD).catch(ignoreMissing);
  await (await root()).removeEntry(id, { recursive: true }).catch(ignoreMissing);
}

/**
 * Deletes what belongs to no model: a folder without a record, and in one with a record what it does not name.
 * @param {string} id
 */
export async function tidyFolder(id) {
  const folder = await openFolder(id);
  const record = await readRecord(folder);
  if (!folder || !record) return deleteFolder(id);
  const names = [RECORD, record.file, CONFIGS[0], PREPROCESSOR];
  for await (const name of /** @type {any} */ (folder).keys())
    if (!names.includes(name)) await folder.removeEntry(name);
}

/** Ids of all folders, of models or not. @returns {Promise<string[]>} */
export async function folderIds() {
  const ids = [];
  for await (const [id, handle] of /** @type {any} */ (await root()).entries())
    if (handle.kind === 'directory') ids.push(id);
  return ids;
}

/**
 * Every stored model, whole or in part.
 * @returns {Promise<{id: string, record: StoredModel | null, storedBytes: number}[]>}  no record: what is left of one
 */
export async function listFolders() {
  return Promise.all(
    (await folderIds()).map(async (id) => {
      const folder = await openFolder(id);
      const record = await readRecord(folder);
      const weights = folder && record && (await readFile(folder, record.file));
      return { id, record, storedBytes: weights?.size ?? 0 };
    }),
  );
}

/**
 * @param {FileSystemDirectoryHandle | null} folder
 * @returns {Promise<StoredModel | null>}  null if there is none that can be understood
 */
export async function readRecord(folder) {
  const file = folder && (await readFile(folder, RECORD));
  try {
    const record = JSON.parse((await file?.text()) ?? '');
    return record.format === FORMAT ? record : null;
  } catch {
    return null;
  }
}

/**
 * In a worker only.
 * @param {FileSystemDirectoryHandle} folder
 * @param {Omit<StoredModel, 'format'>} record
 */
export function writeRecord(folder, record) {
  return writeText(folder, RECORD, JSON.stringify({ format: FORMAT, ...record }));
}

/**
 * @param {FileSystemDirectoryHandle} folder
 * @param {string} name
 * @returns {Promise<File | null>}
 */
export async function readFile(folder, name) {
  try {
    return await (await folder.getFileHandle(name)).getFile();
  } catch (error) {
    return ignoreMissing(error);
  }
}

/**
 * In a worker only.
 * @param {FileSystemDirectoryHandle} folder
 * @param {string} name
 * @param {string} text
 */
export async function writeText(folder, name, text) {
  await withFile(folder, name, (file) => {
    file.truncate(0);
    writeAll(file, new TextEncoder().encode(text), 0);
  });
}

/**
 * Opens a file for this worker alone, and closes it after `work`.
 *
 * @template T
 * @param {FileSystemDirectoryHandle} folder
 * @param {string} name
 * @param {(file: any) => T | Promise<T>} work  gets a FileSystemSyncAccessHandle
 * @returns {Promise<T>}
 */
export async function withFile(folder, name, work) {
  const handle = await folder.getFileHandle(name, { create: true });
  // TypeScript's DOM library does not know what exists in workers only.
  const file = await /** @type {any} */ (handle).createSyncAccessHandle();
  try {
    return await work(file);
  } finally {
    file.flush();
    file.close();
  }
}

/**
 * @param {any} file  a FileSystemSyncAccessHandle
 * @param {Uint8Array} bytes
 * @param {number} at
 */
export function writeAll(file, bytes, at) {
  const written = file.write(bytes, { at });
  if (written !== bytes.length) throw new Error('the disk is full: a write to the browser’s storage was cut short');
}

async function root() {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(ROOT, { create: true });
}

/** @param {unknown} error @returns {null} */
function ignoreMissing(error) {
  if (error instanceof DOMException && error.name === 'NotFoundError') return null;
  throw error;
}
