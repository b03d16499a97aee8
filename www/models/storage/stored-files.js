// @ts-check
/**
 * The files of models that are stored in the browser, checked before they are used.
 *
 * @typedef {(progress: {done: number, total: number}) => void} OnProgress   bytes
 */
import { entryOf } from '../catalogue.js';
import { CONFIGS, PREPROCESSOR } from '../file-names.js';
import { openFolder, readFile, readRecord } from './folders.js';
import { markUsed } from './locks.js';

export class StoredFiles {
  #computeHash;
  /** @type {WeakMap<Blob, Promise<string>>} */
  #hashes = new WeakMap();
  /** SHA-256 of what was checked on this visit. @type {Set<string>} */
  #intact = new Set();
  /** Lets other tabs delete the model in use. */
  #release = () => {};

  /** @param {(file: Blob, onProgress?: OnProgress) => Promise<string>} computeHash */
  constructor(computeHash) {
    this.#computeHash = computeHash;
  }

  /**
   * The files of a complete model, to be loaded. Until another one is asked for, no tab can delete it.
   *
   * @param {string} id
   * @param {OnProgress} onProgress  while the weights are compared with their SHA-256
   * @returns {Promise<import('../../model-types.js').ModelFiles>}
   */
  async files(id, onProgress) {
    const release = markUsed(id);
    try {
      const files = await this.#intactFiles(id, onProgress);
      this.#release();
      this.#release = release;
      return files;
    } catch (error) {
      release();
      throw error;
    }
  }

  /**
   * @param {string} id
   * @param {OnProgress} onProgress
   */
  async #intactFiles(id, onProgress) {
    const folder = await openFolder(id);
    const record = await readRecord(folder);
    const weights = folder && record && (await readFile(folder, record.file));
    if (!record?.isComplete || !weights)
      throw new Error('The stored copy is incomplete; delete it and download it again.');
    await this.#check(weights, record, onProgress);
    const [config, preprocessor] = await Promise.all([readFile(folder, CONFIGS[0]), readFile(folder, PREPROCESSOR)]);
    const entry = entryOf(record.towerSha256 ?? '');
    return {
      weights,
      config,
      preprocessor,
      choices: null,
      name: entry?.name ?? record.source.name,
      licence: entry?.licence,
      isBundled: false,
    };
  }

  /**
   * SHA-256 of a weight file, wherever it comes from; computed once.
   *
   * @param {Blob} weights
   * @param {OnProgress} [onProgress]
   */
  hash(weights, onProgress) {
    const known = this.#hashes.get(weights) ?? this.#computeHash(weights, onProgress);
    this.#hashes.set(weights, known);
    known.catch(() => this.#hashes.delete(weights));
    return known;
  }

  /**
   * @param {File} weights
   * @param {import('./folders.js').StoredModel} record
   * @param {OnProgress} onProgress
   * @throws {Error} if they are not what was stored
   */
  async #check(weights, { bytes, sha256 }, onProgress) {
    const advice = 'delete it and download it again';
    if (weights.size !== bytes)
      throw new Error(`The stored weights have ${weights.size} bytes, expected ${bytes}; ${advice}.`);
    if (this.#intact.has(sha256)) return;
    const found = await this.hash(weights, onProgress);
    if (found !== sha256)
      throw new Error(`The stored weights have changed: their SHA-256 is ${found}, expected ${sha256}; ${advice}.`);
    this.#intact.add(sha256);
  }
}
