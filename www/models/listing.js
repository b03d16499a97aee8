// @ts-check
/**
 * The rows of the list of models: a name and a licence only where it is known what the bytes are.
 *
 * @typedef {import('./store.js').KeptModel} KeptModel
 * @typedef {import('./store.js').ModelStore} ModelStore
 * @typedef {import('./source.js').Source} Source
 * @typedef {import('./source.js').Hub} Hub
 *
 * @typedef {object} Row
 * @property {Source} source
 * @property {string} name
 * @property {string} use        what it is good for, or where it comes from
 * @property {string[]} facts    whose names and licence are to be trusted
 * @property {number} bytes      of the image tower, 0 if unknown
 * @property {number} memory     that an encoder takes, 0 if unknown
 * @property {KeptModel | null} kept
 */
import { CATALOGUE, entryOf, memoryFor } from './catalogue.js';
import { fromCatalogue } from './source.js';

/**
 * The catalogue, then what else is kept.
 *
 * @param {ModelStore} store
 * @param {Hub} hub
 * @returns {Row[]}
 */
export function listModels(store, hub) {
  const entries = CATALOGUE.map((entry) => ({ entry, source: fromCatalogue(entry, hub) }));
  const listed = entries.map(({ entry, source }) => {
    const kept = store.get(source.id);
    return { source, bytes: entry.bytes, memory: memoryFor(entry.bytes), kept, ...described(entry, source, hub, kept) };
  });
  const others = store.models.filter(({ source }) => !entries.some((one) => one.source.id === source.id));
  return [...listed, ...others.map(ofAnother)];
}

/**
 * @param {import('./catalogue.js').CatalogueEntry} entry
 * @param {Source} source
 * @param {Hub} hub
 * @param {KeptModel | null} kept
 */
function described(entry, source, hub, kept) {
  const licence = entry.licence ? `${entry.licence} licence` : 'licence: see the model’s page';
  const { name, use } = entry;
  if (kept?.sha256 ? entryOf(kept.towerSha256 ?? '') === entry : entry.sha256)
    return { name, use, facts: [licence, kept?.sha256 ? 'verified' : 'verified once downloaded'] };
  if (!hub.isForeign)
    return { name, use, facts: [entry.licence ? `${licence} according to its page` : licence, 'not verified'] };
  return { name: source.name, use: `From ${hub.host}, offered as ${name}.`, facts: ['not verified'] };
}

/** @param {KeptModel} kept  of no entry's source */
function ofAnother(kept) {
  const entry = entryOf(kept.towerSha256 ?? '');
  const { source } = kept;
  const facts = entry ? [`${entry.licence} licence`, 'verified'] : ['not verified'];
  return {
    source,
    name: entry?.name ?? source.name,
    use: source.weights[0].replace(/[^/]*$/, ''),
    facts,
    bytes: 0,
    memory: 0,
    kept,
  };
}
