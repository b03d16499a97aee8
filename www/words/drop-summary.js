// @ts-check
/** What a drop was understood to contain, in one line. */
import { JUNK, count, fileName, isolated, whole } from './format.js';

/**
 * "96 query and 24 gallery images, 24 identities from folder names, 1 file ignored (notes.txt)".
 * Where no name says an identity, the names are what is at fault: it may be typed in later.
 * @param {import('../session/sets/intake.js').Described[]} images
 * @param {import('../types.js').Problem[]} skipped   files that are not images
 * @param {number} [collection]   images that are searched in
 */
export function summary(images, skipped, collection = 0) {
  const parts = isCollection(images)
    ? [collectionWords(images)]
    : [sets(images), identities(images), ...camerasFound(images.map(({ label }) => label))];
  if (images.length > 0 && collection > 0 && !isCollection(images)) {
    parts.splice(0, parts.length, `Searching in ${count(collection, 'picture')}`);
  }
  if (images.length === 0) parts.splice(0, parts.length, 'There are no images in what was dropped');
  if (skipped.length > 0) parts.push(ignored(skipped));
  return parts.join(', ');
}

/** @param {import('../types.js').Problem[]} skipped */
function ignored(skipped) {
  const others = skipped.length > 1 ? ` and ${whole(skipped.length - 1)} more` : '';
  return `${count(skipped.length, 'file')} ignored (${isolated(fileName(skipped[0].file))}${others})`;
}

/**
 * Why nothing of a drop was added.
 * @param {import('../types.js').Problem[]} problems  at least one
 */
export function whyNothing(problems) {
  if (problems.length > 1) return 'Nothing in what was dropped can be used; the list of problems says why.';
  const [{ file, reason }] = problems;
  return file ? `${isolated(file)}: ${reason}` : reason;
}

/** @param {import('../session/sets/intake.js').Described[]} images */
function isCollection(images) {
  return images[0]?.label.set === 'collection';
}

/** @param {import('../session/sets/intake.js').Described[]} images */
function collectionWords(images) {
  const labelled = images.filter(({ label }) => label.identity !== null && label.identity !== JUNK);
  const all = count(images.length, 'picture');
  if (images.length === 1) return `${all}. Now add the pictures to search in`;
  if (labelled.length === 0) return `${all}, no names yet. Click any of them to find the most similar ones`;
  return `${all}: ${[identities(images), ...camerasFound(images.map(({ label }) => label))].join(', ')}. Each is searched for in all the others`;
}

/** @param {import('../session/sets/intake.js').Described[]} images */
function sets(images) {
  const query = images.filter(({ label }) => label.set === 'query').length;
  const gallery = images.length - query;
  if (query && gallery) return `${query} query and ${count(gallery, 'gallery image')}`;
  return query ? count(query, 'query image') : count(gallery, 'gallery image');
}

/** @param {import('../session/sets/intake.js').Described[]} images */
function identities(images) {
  const labelled = images.filter(({ label }) => label.identity !== null && label.identity !== JUNK);
  if (labelled.length === 0) return 'no identities in folder or file names';
  const distinct = new Set(labelled.map(({ label }) => label.identity)).size;
  const sources = [...new Set(labelled.map(({ label }) => label.source))];
  const plural = labelled.length > 1 ? 's' : '';
  return `${count(distinct, 'identity', 'identities')} from ${sources.map((s) => s + plural).join(' and ')}`;
}

/**
 * "9 identities", "no cameras": of embeddings, whose labels come from a file.
 * @param {{identity: string | null, camera: string | null}[]} labels
 */
export function labelWords(labels) {
  const distinct = new Set(
    labels.map(({ identity }) => identity).filter((identity) => identity !== null && identity !== JUNK),
  ).size;
  return [distinct ? count(distinct, 'identity', 'identities') : 'no identities', cameras(labels)];
}

/** @param {{camera: string | null}[]} labels */
function camerasFound(labels) {
  return labels.some(({ camera }) => camera !== null) ? [cameras(labels)] : [];
}

/** @param {{camera: string | null}[]} labels */
function cameras(labels) {
  const distinct = new Set(labels.map(({ camera }) => camera).filter((camera) => camera !== null));
  return distinct.size ? count(distinct.size, 'camera') : 'no cameras';
}
