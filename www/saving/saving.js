// @ts-check
/**
 * Files that are saved. Where the browser can, large ones are written part by part to a place that the person chooses;
 * elsewhere the browser is given the parts to keep until it saves them. So no file is held in the page's memory.
 *
 * Dispatches `progress` (detail {name, share} or null), beginning a second after the start.
 */
import { emit } from '../events.js';
import {
  pairs,
  embeddingsJson,
  embeddingsMat,
  embeddingsNpy,
  labelsCsv,
  ranksCsv,
  scoresCsv,
  similaritiesNpy,
} from './exports.js';
import { metricsJson, metricsTables } from './metrics-files.js';
import { reportHtml } from './report/report.js';

/** Shorter ones are not worth reporting. */
const SHORT_MS = 1000;
/** For files of that many pairs the person chooses a place. */
const MANY_PAIRS = 2_000_000;

/**
 * @typedef {import('../session/session.js').Session} Session
 * @typedef {import('./exports.js').Parts} Parts
 * @typedef {(session: Session, isForSpreadsheets: boolean) => Promise<Blob> | Parts} Make
 * @typedef {(session: Session, isForSpreadsheets: boolean) => Promise<Blob[]>} MakeAll
 */

/**
 * What a button saves: files that are made one by one, or all at once.
 * @type {Record<string, {names: string[], makes: Make[], makeAll?: MakeAll}>}
 */
const FILES = {
  report: { names: ['report.html'], makes: [reportHtml] },
  metrics: { names: ['metrics.json'], makes: [metricsJson] },
  tables: { names: ['metrics.csv', 'metrics.queries.csv'], makes: [], makeAll: metricsTables },
  ranks: { names: ['ranks.csv'], makes: [ranksCsv] },
  scores: { names: ['scores.csv'], makes: [scoresCsv] },
  similarities: { names: ['similarities.npy', 'similarities.csv'], makes: [similaritiesNpy, labelsCsv] },
  embeddings: { names: ['embeddings.json'], makes: [embeddingsJson] },
  npy: { names: ['embeddings.npy', 'embeddings.csv'], makes: [embeddingsNpy, labelsCsv] },
  mat: { names: ['embeddings.mat'], makes: [embeddingsMat] },
};

export class Saving extends EventTarget {
  #session;
  #abort = new AbortController();
  /** How much of each is done, by name. @type {Map<string, number>} */
  #shares = new Map();
  #timer = 0;

  /** @param {Session} session */
  constructor(session) {
    super();
    this.#session = session;
  }

  /**
   * @param {string} what   a button's
   * @param {boolean} isForSpreadsheets
   * @param {(blob: Blob, name: string) => void} save   hands a file to the browser
   */
  async save(what, isForSpreadsheets, save) {
    const { signal } = this.#abort;
    const { names, makes, makeAll } = FILES[what];
    this.#begin(names[0]);
    try {
      const blobs = makeAll ? await makeAll(this.#session, isForSpreadsheets) : [];
      for (const [at, one] of makes.entries()) {
        const blob = await this.#made(one(this.#session, isForSpreadsheets), names[at], signal);
        if (blob) blobs[at] = blob;
      }
      signal.throwIfAborted();
      for (const [at, name] of names.entries()) if (blobs[at]) save(blobs[at], name);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#end(names[0]);
    }
  }

  /** Stops what is being saved; nothing of it stays. */
  cancel() {
    this.#abort.abort();
    this.#abort = new AbortController();
  }

  /**
   * @param {Promise<Blob> | Parts} made
   * @param {string} name
   * @param {AbortSignal} signal
   * @returns {Promise<Blob | null>}   null if it is written where the person wanted it
   */
  async #made(made, name, signal) {
    if (made instanceof Promise) return made;
    const file = pairs(this.#session) >= MANY_PAIRS ? await chosenFile(name) : null;
    if (file === 'none') return null;
    if (!file) return this.#inParts(made, name, signal);
    const writable = await file.createWritable();
    try {
      for await (const { part, share } of made) {
        signal.throwIfAborted();
        await writable.write(/** @type {any} */ (part));
        this.#shares.set(name, share);
      }
      await writable.close();
      return null;
    } catch (error) {
      await writable.abort();
      throw error;
    }
  }

  /**
   * @param {Parts} made
   * @param {string} name
   * @param {AbortSignal} signal
   */
  async #inParts(made, name, signal) {
    const blobs = [];
    for await (const { part, share } of made) {
      signal.throwIfAborted();
      blobs.push(new Blob([part])); // out of this page's memory
      this.#shares.set(name, share);
    }
    return new Blob(blobs, { type: name.endsWith('.csv') ? 'text/csv' : '' });
  }

  /** @param {string} name */
  #begin(name) {
    this.#shares.set(name, 0);
    this.#timer ||= setInterval(() => this.#tell(), SHORT_MS);
  }

  /** @param {string} name */
  #end(name) {
    this.#shares.delete(name);
    if (this.#shares.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = 0;
    this.#tell();
  }

  #tell() {
    const [latest] = this.#shares;
    const detail = latest ? { name: latest[0], share: latest[1] } : null;
    emit(this, 'progress', detail);
  }
}

/**
 * Where the person wants a large file to be.
 *
 * @param {string} name
 * @returns {Promise<FileSystemFileHandle | null | 'none'>}   null where the browser cannot ask; 'none': nowhere
 */
async function chosenFile(name) {
  const { showSaveFilePicker } = /** @type {any} */ (globalThis);
  if (!showSaveFilePicker) return null;
  try {
    return await showSaveFilePicker({ suggestedName: name });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return 'none';
    return null; // not allowed to ask, as in a frame
  }
}
