// @ts-check
/**
 * Dropped, picked and pasted files and folders → a flat list of files with paths.
 *
 * @typedef {import('./types.js').DroppedFile} DroppedFile
 * @typedef {import('./types.js').Problem} Problem
 * @typedef {{files: DroppedFile[], problems: Problem[]}} Listing
 */

const byPath = new Intl.Collator('en', { numeric: true });

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
    const file = entry ? null : item.getAsFile();
    if (entry) entries.push(entry);
    else if (file) listing.files.push({ file, path: file.name });
  }
  await Promise.all(entries.map((entry) => walk(entry, listing)));
  return sorted(listing);
}

/**
 * @param {FileList} list   of an `<input type=file>`, with or without `webkitdirectory`
 * @returns {Listing}
 */
export function filesFromInput(list) {
  const files = Array.from(list, (file) => ({ file, path: file.webkitRelativePath || file.name }));
  return sorted({ files, problems: [] });
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
 * Adds the file, or all files below the folder, to `listing`.
 * @param {FileSystemEntry} entry
 * @param {Listing} listing
 */
async function walk(entry, listing) {
  const path = entry.fullPath.replace(/^\//, '');
  try {
    if (entry.isDirectory) {
      const children = await readFolder(/** @type {FileSystemDirectoryEntry} */ (entry));
      await Promise.all(children.map((child) => walk(child, listing)));
    } else {
      listing.files.push({ file: await readEntry(/** @type {FileSystemFileEntry} */ (entry)), path });
    }
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    listing.problems.push({ file: path, reason: `The browser could not open it: ${cause}`, kind: 'error' });
  }
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
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** @param {Listing} listing */
function sorted(listing) {
  listing.files.sort((a, b) => byPath.compare(a.path, b.path));
  return listing;
}
