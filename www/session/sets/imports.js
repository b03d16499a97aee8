// @ts-check
/**
 * Embeddings that were made elsewhere, or here and saved: read from files, and put into the sets as images are.
 *
 * @typedef {import('../../types.js').DroppedFile} DroppedFile
 * @typedef {import('../../types.js').Imported} Imported
 * @typedef {import('../../types.js').Item} Item
 * @typedef {import('../../types.js').SetName} SetName
 * @typedef {import('../../types.js').Zone} Zone
 * @typedef {import('../items.js').NewItem} NewItem
 * @typedef {Imported & {path: string}} Read
 * @typedef {{described: NewItem, set: SetName, path: string, embedding: Float32Array}} Entry
 */
import { messageOf } from '../../events.js';
import { labelWords, whyNothing } from '../../words/drop-summary.js';
import { count, fileName, whole } from '../../words/format.js';
import { areEqual, notHere } from './already-here.js';
import { mayHoldEmbeddings, pairUp } from './embedding-files.js';

export class Imports {
  #items;
  #embedder;
  #matching;
  #notices;
  #problems;
  #sets;
  #report;
  /** @type {Read[]} read, but not in the sets yet */
  #waiting = [];

  /**
   * @param {object} parts
   * @param {import('../items.js').Items} parts.items
   * @param {import('../embedding/embedder.js').Embedder} parts.embedder
   * @param {import('../../matching/client.js').MatchingClient} parts.matching
   * @param {import('../notices.js').Notices} parts.notices
   * @param {import('../problems.js').Problems} parts.problems
   * @param {import('./sets.js').Sets} parts.sets
   * @param {(error: unknown) => void} parts.report  an error that belongs to no file
   */
  constructor({ items, embedder, matching, notices, problems, sets, report }) {
    this.#items = items;
    this.#embedder = embedder;
    this.#matching = matching;
    this.#notices = notices;
    this.#problems = problems;
    this.#sets = sets;
    this.#report = report;
  }

  /**
   * @param {DroppedFile[]} files
   * @param {Zone} zone   the set of those for which neither file nor path names one
   */
  async drop(files, zone) {
    const notices = this.#notices;
    const { sources, alone } = pairUp(files.filter(mayHoldEmbeddings));
    this.#problems.add(...alone);
    if (sources.length > 0) notices.say(`Reading ${count(sources.length, 'file')} of embeddings …`);
    const read = [];
    for (const { file, labels } of sources) read.push(...(await this.#read(file, labels)));
    this.#waiting = read;
    if (sources.length === 0) return notices.say(whyNothing(alone));
    if (read.length === 0) return notices.say('No embeddings were added; the errors below say why.');
    if (zone !== 'dataset') return this.chooseSet(zone);
    const homeless = read.flatMap(({ images }) => images.filter(({ set }) => set === null)).length;
    if (homeless === 0) return this.#add();
    const [what, them] = homeless === 1 ? ['embedding', 'it'] : ['embeddings', 'them'];
    const text = `${whole(homeless)} ${what} without a set: search for ${them}, or search in ${them}?`;
    notices.say(text, { choice: { kind: 'set', sets: ['query', 'gallery', 'collection'] } });
  }

  /** Whether what was read waits for an answer. */
  get isWaiting() {
    return this.#waiting.length > 0;
  }

  /** Something else was dropped meanwhile. */
  forget() {
    this.#waiting = [];
  }

  /** @param {SetName} set  of those that have none */
  chooseSet(set) {
    for (const { images } of this.#waiting) for (const image of images) image.set ??= set;
    return this.#add();
  }

  /**
   * @param {DroppedFile} dropped
   * @param {DroppedFile | null} labels
   * @returns {Promise<Read[]>}   [] if it cannot be read
   */
  async #read({ file, path }, labels) {
    try {
      return [{ ...(await this.#matching.importEmbeddings(file, labels?.file ?? null)), path }];
    } catch (error) {
      this.#problems.add({ file: path, reason: messageOf(error), kind: 'error' });
      return [];
    }
  }

  /** Puts what was read into the sets, once there is room. */
  async #add() {
    if (!this.isWaiting || !this.#sets.makeRoom(true, () => this.#add().catch(this.#report))) return;
    const read = this.#comparable(this.#waiting);
    this.#waiting = [];
    if (read.length === 0)
      return this.#notices.say('Nothing was added: these embeddings cannot be compared with those here.');
    const entries = read.flatMap(entriesOf);
    const embeddingOf = (/** @type {Entry | Item} */ one) =>
      ('embedding' in one ? one.embedding : this.#embedder.embeddings.get(one.id)) ?? new Float32Array();
    const fresh = await notHere(entries, this.#items.all(), (one, other) =>
      areEqual(one.embedding, embeddingOf(other)),
    );
    const added = this.#items.add(fresh.map(({ described }) => described));
    this.#embedder
      .give(
        added,
        fresh.map(({ embedding }) => embedding),
      )
      .catch(this.#report);
    this.#sets.say(
      summary(read, entries.length - added.length),
      added.map(({ id }) => id),
    );
  }

  /**
   * Those of the same dimension as the embeddings that are here, or as the first; the others become problems.
   * @param {Read[]} read
   */
  #comparable(read) {
    const dimension = this.#dimension() ?? read[0].dim;
    const others = read.filter(({ dim }) => dim !== dimension);
    this.#problems.add(
      ...others.map(({ path, dim }) => {
        const reason =
          `Its embeddings have ${count(dim, 'dimension')}, the others ${whole(dimension)}: ` +
          'only embeddings of the same model can be compared. Press “Start over” to begin with this file.';
        return /** @type {const} */ ({ file: path, reason, kind: 'error' });
      }),
    );
    return read.filter(({ dim }) => dim === dimension);
  }

  /** The dimension of the embeddings that are here; null where there are none. */
  #dimension() {
    const [first] = this.#items.all();
    return first ? (this.#embedder.embeddings.get(first.id)?.length ?? null) : null;
  }
}

/**
 * @param {Read} imported
 * @returns {Entry[]}
 */
function entriesOf({ images, rows, model, path }) {
  const origin = { file: path, model };
  return images.map(({ path, set, identity, camera, content = null }, row) => ({
    described: {
      file: null,
      origin,
      path,
      thumbnail: null,
      set: /** @type {SetName} */ (set),
      identity,
      camera,
      content,
    },
    set: /** @type {SetName} */ (set),
    path,
    embedding: rows[row],
  }));
}

/**
 * "27 query and 8 gallery embeddings of dimension 48 from embeddings.npy, 9 identities, no cameras".
 * @param {Read[]} read
 * @param {number} known   of them that were here already
 */
function summary(read, known) {
  const images = read.flatMap(({ images }) => images);
  const sets = [
    { name: 'query', word: ' query' },
    { name: 'gallery', word: ' gallery' },
    { name: 'collection', word: '' },
  ]
    .map(({ name, word }) => ({ word, number: images.filter(({ set }) => set === name).length }))
    .filter(({ number }) => number);
  const names = read.map(({ path }) => fileName(path)).join(', ');
  const rescaled = read.reduce((sum, one) => sum + one.rescaled, 0);
  const words = sets.map(({ number, word }) => whole(number) + word).join(' and ');
  return [
    `${words} ${images.length === 1 ? 'embedding' : 'embeddings'} of dimension ${whole(read[0].dim)} from ${names}`,
    ...labelWords(images),
    ...(rescaled ? [`${whole(rescaled)} scaled to length 1`] : []),
    ...(known ? [`${whole(known)} of them already here`] : []),
  ].join(', ');
}
