// @ts-check
/**
 * Downloads the image tower of a remote model into the browser's storage. What has arrived stays there: the next call
 * continues after it, unless the file on the server was changed meanwhile; then it starts again.
 *
 * @typedef {import('../../package.js').Package} Package
 * @typedef {import('../source.js').Source} Source
 * @typedef {import('../storage/folders.js').StoredModel} StoredModel
 * @typedef {{stage: 'waiting' | 'fetching' | 'checking' | 'halving', done: number, total: number, trouble: string,
 *   hosts: string[]}} Step
 */
import { CONFIGS, PREPROCESSOR, saysPixels } from '../file-names.js';
import {
  deleteFolder,
  makeFolder,
  readFile,
  readRecord,
  withFile,
  writeAll,
  writeRecord,
  writeText,
} from '../storage/folders.js';
import { hashOf } from '../storage/hash.js';
import { alone } from '../storage/locks.js';
import { roomFor } from '../storage/room.js';
import { Extraction } from './extraction.js';
import { RemoteFile } from './remote-file.js';
import { Changed, Refused, Retry } from './retry.js';

/** A download is given up if its file changes more often than this. */
const MOST_CHANGES = 2;
const FLUSH_BYTES = 16e6;
const ANNOUNCE_MS = 200;
const MOST_TEXT = 1 << 20;
const WEIGHTS = 'model.safetensors';

/**
 * @param {Package} reid
 * @param {Source} source
 * @param {{signal: AbortSignal, onProgress: (step: Step) => void}} options
 * @returns {Promise<void>}
 */
export function download(reid, source, { signal, onProgress }) {
  const onWaiting = () => onProgress({ stage: 'waiting', done: 0, total: 0, trouble: '', hosts: [] });
  return alone(source.id, { signal, onWaiting }, async () => {
    for (let changes = 0; ; changes += 1) {
      try {
        return await new Download(reid, source, signal, onProgress).run();
      } catch (error) {
        if (!(error instanceof Changed)) throw error;
        await deleteFolder(source.id);
        if (changes === MOST_CHANGES) throw new Error(`${error.message} again and again during the download.`);
      }
    }
  });
}

class Download {
  #reid;
  #source;
  #onProgress;
  #retry;
  /** @type {Step} */
  #step = { stage: 'fetching', done: 0, total: 0, trouble: '', hosts: [] };
  #announced = 0;
  /** @param {string} host */
  #onHost = (host) => {
    if (!this.#step.hosts.includes(host)) this.#step.hosts.push(host);
  };

  /**
   * @param {Package} reid
   * @param {Source} source
   * @param {AbortSignal} signal
   * @param {(step: Step) => void} onProgress
   */
  constructor(reid, source, signal, onProgress) {
    this.#reid = reid;
    this.#source = source;
    this.#onProgress = onProgress;
    this.#retry = new Retry(signal, (trouble) => this.#announce({ trouble }, true));
  }

  async run() {
    const folder = await makeFolder(this.#source.id);
    const known = await readRecord(folder);
    if (known?.isComplete) return;
    const remote = known ? this.#remote(known.address, known.version) : await this.#firstOf(this.#source.weights);
    if (!remote) throw new Error(noneOf(this.#source.weights));
    try {
      const record = known ?? (await this.#begin(folder, remote));
      await this.#fetch(folder, remote, record);
      await this.#complete(folder, record);
    } finally {
      await remote.close();
    }
  }

  /**
   * Reads what the remote file contains, and writes the beginning of the smaller one.
   *
   * @param {FileSystemDirectoryHandle} folder
   * @param {RemoteFile} remote  open
   * @returns {Promise<StoredModel>}
   */
  async #begin(folder, remote) {
    const config = await this.#textOf(this.#source.configs);
    const [first, second] = this.#source.preprocessors;
    const preprocessor = (await this.#textOf([first], saysPixels)) ?? (await this.#textOf([second]));
    const { header, blocks } = await this.#plan(remote, config);
    const bytes = header.length + new Extraction(blocks).total;
    await roomFor(bytes);
    if (config !== null) await writeText(folder, CONFIGS[0], config);
    if (preprocessor !== null) await writeText(folder, PREPROCESSOR, preprocessor);
    await withFile(folder, WEIGHTS, (handle) => {
      handle.truncate(0);
      writeAll(handle, header, 0);
    });
    const record = {
      format: 1,
      source: this.#source,
      address: remote.address,
      version: remote.version,
      file: WEIGHTS,
      headerBytes: header.length,
      blocks,
      bytes,
      isComplete: false,
      sha256: '',
      cosine: null,
      date: '',
    };
    await writeRecord(folder, record);
    return record;
  }

  /**
   * @param {RemoteFile} remote
   * @param {string | null} config
   */
  async #plan(remote, config) {
    const reader = new this.#reid.CheckpointReader(nameIn(remote.address), remote.size);
    for (let span = reader.next(); span; span = reader.next()) reader.give(await remote.read(span.start, span.end));
    const plan = new this.#reid.TowerPlan(reader, config ?? undefined, undefined);
    try {
      return { header: plan.header(), blocks: plan.blocks() };
    } finally {
      plan.free();
    }
  }

  /**
   * @param {FileSystemDirectoryHandle} folder
   * @param {RemoteFile} remote
   * @param {StoredModel} record
   */
  async #fetch(folder, remote, { file, headerBytes, blocks, bytes }) {
    await withFile(folder, file, async (handle) => {
      const extraction = new Extraction(blocks, Math.max(0, handle.getSize() - headerBytes));
      await roomFor(extraction.total - extraction.done);
      let flushed = extraction.done;
      const announce = () => this.#announce({ stage: 'fetching', done: headerBytes + extraction.done, total: bytes });
      announce();
      const append = (/** @type {Uint8Array} */ part) => writeAll(handle, part, headerBytes + extraction.done);
      await remote.stream(
        () => extraction.wanted,
        (piece) => {
          extraction.take(piece, append);
          announce();
          if (extraction.done - flushed < FLUSH_BYTES) return;
          handle.flush();
          flushed = extraction.done;
        },
      );
    });
  }

  /**
   * Reads back what was written: the digest is of what is on the disk.
   *
   * @param {FileSystemDirectoryHandle} folder
   * @param {StoredModel} record
   */
  async #complete(folder, record) {
    const file = await readFile(folder, record.file);
    if (file?.size !== record.bytes)
      throw new Error(
        `The stored ${record.file} has ${file?.size ?? 0} bytes, expected ${record.bytes}; delete it and ` +
          'download it again.',
      );
    const onProgress = (/** @type {number} */ done) => this.#announce({ stage: 'checking', done, total: record.bytes });
    const sha256 = await hashOf(this.#reid, file, this.#retry.signal, onProgress);
    const expected = this.#source.sha256;
    if (expected && sha256 !== expected) {
      await deleteFolder(this.#source.id);
      throw new Error(
        `It is not the model in the catalogue: the SHA-256 of its image encoder is ${sha256}, expected ` +
          `${expected}. It was deleted.`,
      );
    }
    await writeRecord(folder, {
      ...record,
      isComplete: true,
      sha256,
      towerSha256: sha256,
      date: new Date().toISOString(),
    });
  }

  /**
   * The first of these files that exists, open.
   * @param {string[]} addresses
   */
  async #firstOf(addresses) {
    for (const address of addresses) {
      const file = this.#remote(address);
      try {
        await file.open();
        return file;
      } catch (error) {
        // For a single file the server's own answer says more.
        if (!(error instanceof Refused) || (addresses === this.#source.weights && addresses.length === 1)) throw error;
      }
    }
    return null;
  }

  /**
   * The text of the first of these files that exists and is of use.
   * @param {string[]} addresses
   * @param {(text: string) => boolean} [isOfUse]
   */
  async #textOf(addresses, isOfUse = () => true) {
    for (const address of addresses) {
      const file = await this.#firstOf([address]);
      const text = file && (await textIn(file));
      if (text !== null && isOfUse(text)) return text;
    }
    return null;
  }

  /**
   * @param {string} address
   * @param {string} [version]
   */
  #remote(address, version) {
    return new RemoteFile(address, this.#retry, this.#onHost, version);
  }

  /**
   * @param {Partial<Step>} patch
   * @param {boolean} [isUrgent]
   */
  #announce(patch, isUrgent = false) {
    this.#step = { ...this.#step, ...patch };
    const { done, total } = this.#step;
    const now = performance.now();
    if (!isUrgent && now - this.#announced < ANNOUNCE_MS && done < total) return;
    this.#announced = now;
    this.#onProgress({ ...this.#step });
  }
}

/** @param {RemoteFile} file  open; it is closed */
async function textIn(file) {
  try {
    const bytes = await file.read(0, Math.min(file.size, MOST_TEXT));
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } finally {
    await file.close();
  }
}

/** @param {string} address */
function nameIn(address) {
  return address.split(/[?#]/)[0].split('/').at(-1) ?? address;
}

/** @param {string[]} addresses  in one folder */
function noneOf(addresses) {
  const folder = addresses[0].replace(/[^/]*$/, '');
  const names = addresses.map((address) => address.slice(folder.length));
  return `${folder} has none of these weight files: ${names.join(', ')}.`;
}
