// @ts-check
/**
 * Dropped, picked and pasted files and folders → a flat list of files with paths.
 *
 * @typedef {import('./types.js').DroppedFile} DroppedFile
 * @typedef {import('./types.js').Problem} Problem
 * @typedef {{files: DroppedFile[], problems: Problem[]}} Listing
 */

/** Files that were dropped themselves, for browsers that cannot open the entry of one: of files without a path, WebKit. */
const spares = /** @type {WeakMap<FileSystemEntry, File>} */ (new WeakMap());

const byPath = new Intl.Collator('en', { numeric: true });

/** Folders within folders that are opened; no data set is that deep. */
const MOST_LEVELS = 64;

const NOTHING_IN_IT = 'Nothing in it can be read: it is empty, or holds only links, which the browser does not follow.';
const NO_NAME = 'The browser hands over no name for something in this folder, perhaps because the name is not UTF-8. Rename it and drop it again.';
const TOO_DEEP = `It is more than ${MOST_LEVELS} folders deep; what is below is left out.`;

/**
 * Lists what was dropped, folders with everything below them.
 *
 * Must be called inside the drop event: the browser empties `transfer` right after it.
 * @param {DataTransfer} transfer
 * @returns {Promise<Listing>}
 */
export async function filesFromDrop(transfer) {
  /** @type {Listing} */
  const listing = { files: [], problems: [] };
  const entries = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const entry = item.webkitGetAsEntry();
    const file = entry?.isDirectory ? null : item.getAsFile();
    if (entry && file) spares.set(entry, file);
    if (entry) entries.push(entry);
    else if (file) listing.files.push({ file, path: file.name });
  }
  const found = await Promise.all(entries.map((entry) => walk(entry, '', 0, listing)));
  tellEmpty(listing, entries, found);
  return sorted(listing);
}

/**
 * @param {FileList} list   of an `<input type=file>`, with or without `webkitdirectory`
 * @returns {Listing}
 */
export function filesFromInput(list) {
  const files = Array.from(list, (file) => ({ file, path: file.webkitRelativePath || file.name }));
  const isNamed = (/** @type {DroppedFile} */ { file }) => file.name !== '';
  const nameless = files.filter((file) => !isNamed(file));
  const problems = nameless.map(({ path }) => /** @type {const} */ ({ file: path, reason: NO_NAME, kind: 'error' }));
  return sorted({ files: files.filter(isNamed), problems });
}

/**
 * Files on the clipboard. Screenshots are all called image.png, so those get the time as their name.
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

/**
 * Adds the file, or all files below the folder, to `listing`. Chromium hands a folder whose name it cannot tell over as
 * its own parent, without a name: that one is never opened.
 *
 * @param {FileSystemEntry} entry
 * @param {string} above    path of the folder that it is in
 * @param {number} level    folders above it
 * @param {Listing} listing
 * @returns {Promise<number>}  how much was found: files, and what became a problem
 */
async function walk(entry, above, level, listing) {
  const path = pathOf(entry);
  const isItsParent = level > 0 && path === above;
  if (entry.name === '' || isItsParent) return fail(listing, above, NO_NAME);
  if (level > MOST_LEVELS) return fail(listing, path, TOO_DEEP);
  try {
    if (entry.isDirectory) return await walkFolder(/** @type {FileSystemDirectoryEntry} */ (entry), level, listing);
    listing.files.push({ file: await readEntry(/** @type {FileSystemFileEntry} */ (entry)), path });
    return 1;
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return fail(listing, path, `The browser could not open it: ${cause}`);
  }
}

/**
 * A folder in which nothing was found is listed, unless all that is beside it is empty as well: then the one above is.
 *
 * @param {FileSystemDirectoryEntry} folder
 * @param {number} level
 * @param {Listing} listing
 */
async function walkFolder(folder, level, listing) {
  const children = await readFolder(folder);
  const found = await Promise.all(children.map((child) => walk(child, pathOf(folder), level + 1, listing)));
  const sum = found.reduce((all, one) => all + one, 0);
  if (sum > 0) tellEmpty(listing, children, found);
  return sum;
}

/** @param {FileSystemEntry} entry  its path inside what was dropped */
function pathOf({ fullPath }) {
  return fullPath.replace(/^\/+/, '').replace(/\/+$/, '');
}

/**
 * @param {Listing} listing
 * @param {string} file
 * @param {string} reason
 * @returns {number}  1: something was found, though it is of no use
 */
function fail(listing, file, reason) {
  listing.problems.push({ file, reason, kind: 'error' });
  return 1;
}

/**
 * Lists the folders among `entries` in which nothing was found.
 * @param {Listing} listing
 * @param {FileSystemEntry[]} entries
 * @param {number[]} found   in each of them
 */
function tellEmpty(listing, entries, found) {
  const empty = entries.filter((_, index) => found[index] === 0);
  listing.problems.push(...empty.map((entry) => /** @type {const} */ ({ file: pathOf(entry), reason: NOTHING_IN_IT, kind: 'skipped' })));
}

/**
 * `readEntries` hands out at most 100 entries a call; an empty batch is the end.
 * @param {FileSystemDirectoryEntry} folder
 * @returns {Promise<FileSystemEntry[]>}
 */
async function readFolder(folder) {
  const reader = folder.createReader();
  const entries = [];
  for (;;) {
    /** @type {FileSystemEntry[]} */
    const batch = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (batch.length === 0) return entries;
    entries.push(...batch);
  }
}

/**
 * @param {FileSystemFileEntry} entry
 * @returns {Promise<File>}
 */
function readEntry(entry) {
  return new Promise((resolve, reject) => entry.file(resolve, (error) => {
    const spare = spares.get(entry);
    if (spare) resolve(spare);
    else reject(error);
  }));
}

/** @param {Listing} listing */
function sorted(listing) {
  listing.files.sort((a, b) => byPath.compare(a.path, b.path));
  return listing;
}
