// @ts-check
/**
 * Dropped, picked and pasted files and folders → a flat list of files with paths. The browser is asked for thousands of
 * them a few at a time.
 *
 * @typedef {import('../../types.js').DroppedFile} DroppedFile
 * @typedef {import('../../types.js').Problem} Problem
 * @typedef {{files: DroppedFile[], problems: Problem[]}} Listing
 * @typedef {{onFound?: (files: number) => void, signal?: AbortSignal}} Options   onFound: how many there are so far
 */
import { messageOf } from '../../events.js';
import { Gate } from '../../scheduling/gate.js';
import { nextTurn, Slices } from '../../scheduling/slices.js';

/**
 * Files that were dropped themselves, for browsers that cannot open the entry of one: of files without a path, WebKit.
 */
const spares = /** @type {WeakMap<FileSystemEntry, File>} */ (new WeakMap());

const byPath = new Intl.Collator('en', { numeric: true });

/** What the browser is asked for at once. */
const ASKED_AT_ONCE = 24;
/** Entries of a folder that are looked into at once. */
const WALKED_AT_ONCE = 100;

/** Folders within folders that are opened; no data set is that deep. */
const MOST_LEVELS = 64;

const NOTHING_IN_IT =
  'There is nothing in it to read: it is empty, or contains only links, which browsers do not follow.';
const NO_NAME =
  'The browser does not give the name of something in this folder, perhaps because it is not valid UTF-8. ' +
  'Rename it and drop it again.';
const TOO_DEEP = `It is more than ${MOST_LEVELS} folders deep; anything deeper is ignored.`;

/**
 * Lists what was dropped, folders with everything below them.
 *
 * Must be called inside the drop event: the browser empties `transfer` right after it.
 * @param {DataTransfer} transfer
 * @param {Options} [options]
 * @returns {Promise<Listing>}
 */
export async function filesFromDrop(transfer, options = {}) {
  const entries = [];
  const loose = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    const file = entry?.isDirectory ? null : item.getAsFile();
    if (entry && file) spares.set(entry, file);
    if (entry) entries.push(entry);
    else if (file) loose.push({ file, path: file.name });
  }
  const walk = new Walk(options);
  walk.listing.files.push(...loose);
  await walk.all(entries);
  return sorted(walk.listing, options);
}

/**
 * @param {FileList} list   of an `<input type=file>`,
 *   with or without `webkitdirectory`; the input may be emptied at once
 * @param {Options} [options]
 * @returns {Promise<Listing>}
 */
export async function filesFromInput(list, options = {}) {
  /** @type {Listing} */
  const listing = { files: [], problems: [] };
  await new Slices(options.signal).each(Array.from(list), (file) => {
    const path = file.webkitRelativePath || file.name;
    if (file.name) options.onFound?.(listing.files.push({ file, path }));
    else listing.problems.push({ file: path, reason: NO_NAME, kind: 'error' });
  });
  return sorted(listing, options);
}

/**
 * Files on the clipboard. Screenshots are all called image.png, so those are named after the time.
 * @param {DataTransfer} clipboard
 * @returns {Listing}
 */
export function filesFromClipboard(clipboard) {
  const time = new Date().toLocaleTimeString('en-GB').replaceAll(':', '.');
  const files = Array.from(clipboard.files, (file, index) => ({
    file,
    path: file.name === 'image.png' ? `pasted ${time}${index ? ` (${index + 1})` : ''}.png` : file.name,
  }));
  return { files, problems: [] };
}

/** What is found below entries. */
class Walk {
  /** @type {Listing} */
  listing = { files: [], problems: [] };
  #gate = new Gate(ASKED_AT_ONCE);
  /** @type {Promise<unknown> | null} the next one, for all that wait for it */
  #turn = null;
  #options;

  /** @param {Options} options */
  constructor(options) {
    this.#options = options;
  }

  /**
   * @param {FileSystemEntry[]} entries   what was dropped
   */
  async all(entries) {
    this.#tellEmpty(entries, await this.#each(entries, '', 0));
  }

  /**
   * @param {FileSystemEntry[]} entries
   * @param {string} above    path of the folder that they are in
   * @param {number} level
   * @returns {Promise<number[]>}  how much was found in each
   */
  async #each(entries, above, level) {
    /** @type {number[]} */
    const found = [];
    for (let from = 0; from < entries.length; from += WALKED_AT_ONCE) {
      const some = entries.slice(from, from + WALKED_AT_ONCE);
      found.push(...(await Promise.all(some.map((entry) => this.#entry(entry, above, level)))));
    }
    return found;
  }

  /**
   * Adds the file, or all files below the folder. Chromium hands a folder whose name it cannot tell over as its own
   * parent, without a name: that one is never opened.
   *
   * @param {FileSystemEntry} entry
   * @param {string} above    path of the folder that it is in
   * @param {number} level    folders above it
   * @returns {Promise<number>}  how much was found: files, and what became a problem
   */
  async #entry(entry, above, level) {
    const path = pathOf(entry);
    const isItsParent = level > 0 && path === above;
    if (entry.name === '' || isItsParent) return this.#fail(above, NO_NAME);
    if (level > MOST_LEVELS) return this.#fail(path, TOO_DEEP);
    try {
      if (entry.isDirectory) return await this.#folder(/** @type {FileSystemDirectoryEntry} */ (entry), level);
      const file = await this.#ask(() => readEntry(/** @type {FileSystemFileEntry} */ (entry)));
      this.#options.onFound?.(this.listing.files.push({ file, path }));
      return 1;
    } catch (error) {
      this.#options.signal?.throwIfAborted();
      const cause = messageOf(error);
      return this.#fail(path, `The browser could not open it: ${cause}`);
    }
  }

  /**
   * A folder in which nothing was found is listed, unless all that is beside it is empty as well: then the one above
   * is.
   *
   * @param {FileSystemDirectoryEntry} folder
   * @param {number} level
   */
  async #folder(folder, level) {
    const reader = folder.createReader();
    /** @type {FileSystemEntry[]} */
    let children = [];
    /** @type {number[]} */
    let found = [];
    for (;;) {
      const some = await this.#ask(() => readEntries(reader));
      if (some.length === 0) break;
      children = children.concat(some);
      found = found.concat(await this.#each(some, pathOf(folder), level + 1));
    }
    const sum = found.reduce((all, one) => all + one, 0);
    if (sum > 0) this.#tellEmpty(children, found);
    return sum;
  }

  /**
   * @template T
   * @param {() => Promise<T>} ask   the browser
   */
  #ask(ask) {
    return this.#gate.pass(async () => {
      const answer = await ask();
      // Asked within an answer, Chromium goes on answering in the same task.
      this.#turn ??= nextTurn().finally(() => (this.#turn = null));
      await this.#turn;
      return answer;
    }, this.#options.signal);
  }

  /**
   * @param {string} file
   * @param {string} reason
   * @returns {number}  1: something was found, though it is of no use
   */
  #fail(file, reason) {
    this.listing.problems.push({ file, reason, kind: 'error' });
    return 1;
  }

  /**
   * Lists the folders among `entries` in which nothing was found.
   * @param {FileSystemEntry[]} entries
   * @param {number[]} found   in each of them
   */
  #tellEmpty(entries, found) {
    for (const [index, entry] of entries.entries()) {
      if (found[index] === 0)
        this.listing.problems.push({ file: pathOf(entry), reason: NOTHING_IN_IT, kind: 'skipped' });
    }
  }
}

/** @param {FileSystemEntry} entry  its path inside what was dropped */
function pathOf({ fullPath }) {
  return fullPath.replace(/^\/+/, '').replace(/\/+$/, '');
}

/**
 * Some entries a call; none is the end.
 * @param {FileSystemDirectoryReader} reader
 * @returns {Promise<FileSystemEntry[]>}
 */
function readEntries(reader) {
  return new Promise((resolve, reject) => reader.readEntries(resolve, reject));
}

/**
 * @param {FileSystemFileEntry} entry
 * @returns {Promise<File>}
 */
function readEntry(entry) {
  return new Promise((resolve, reject) =>
    entry.file(resolve, (error) => {
      const spare = spares.get(entry);
      if (spare) resolve(spare);
      else reject(error);
    }),
  );
}

/**
 * @param {Listing} listing
 * @param {Options} options
 * @returns {Promise<Listing>}
 */
async function sorted({ files, problems }, { signal }) {
  return {
    files: await new Slices(signal).sorted(files, (one, other) => byPath.compare(one.path, other.path)),
    problems,
  };
}
