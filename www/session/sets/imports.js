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
import { count, whole } from '../../words/format.js';
import { areEqual, notHere } from './already-here.js';
import { mayHoldEmbeddings, pairUp } from './embedding-files.js';
import { labelWords, whyNothing } from '../../words/drop-summary.js';

export class Imports {
  #session;
  /** @type {Read[]} read, but not in the sets yet */
  #waiting = [];

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /**
   * @param {DroppedFile[]} files
   * @param {Zone} zone   the set of those of which neither file nor path says it
   */
  async drop(files, zone) {
    const { problems, notices } = this.#session;
    const { sources, alone } = pairUp(files.filter(mayHoldEmbeddings));
    problems.add(...alone);
    if (sources.length > 0) notices.say(`Reading ${count(sources.length, 'file')} of embeddings …`);
    const read = [];
    for (const { file, labels } of sources) read.push(...await this.#read(file, labels));
    this.#waiting = read;
    if (sources.length === 0) return notices.say(whyNothing(alone));
    if (read.length === 0) return notices.say('No embeddings were added: the reasons are listed as errors.');
    if (zone !== 'dataset') return this.chooseSet(zone);
    const homeless = read.flatMap(({ images }) => images.filter(({ set }) => set === null)).length;
    if (homeless === 0) return this.#add();
    const text = `${count(homeless, 'embedding')}, neither file nor path says query or gallery`;
    notices.say(text, { choice: { kind: 'set', images: homeless } });
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
      return [{ ...await this.#session.matching.importEmbeddings(file, labels?.file ?? null), path }];
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#session.problems.add({ file: path, reason, kind: 'error' });
      return [];
    }
  }

  /** Puts what was read into the sets, once there is room. */
  async #add() {
    const { items, embedder, sets, notices } = this.#session;
    if (!this.isWaiting || !sets.makeRoom(true, () => this.#add().catch((error) => this.#session.report(error)))) return;
    const read = this.#comparable(this.#waiting);
    this.#waiting = [];
    if (read.length === 0) return notices.say('Nothing was added: these embeddings cannot be compared with those here.');
    const entries = read.flatMap(entriesOf);
    const embeddingOf = (/** @type {Entry | Item} */ one) => ('embedding' in one ? one.embedding : embedder.embeddings.get(one.id));
    const fresh = await notHere(entries, items.all(), (one, other) => areEqual(one.embedding, embeddingOf(other) ?? new Float32Array()));
    const added = items.add(fresh.map(({ described }) => described));
    embedder.give(added, fresh.map(({ embedding }) => embedding)).catch((error) => this.#session.report(error));
    sets.say(summary(read, entries.length - added.length), added.map(({ id }) => id));
  }

  /**
   * Those of as many numbers as the embeddings that are here, or as the first; the others become problems.
   * @param {Read[]} read
   */
  #comparable(read) {
    const width = this.#width() ?? read[0].dim;
    const others = read.filter(({ dim }) => dim !== width);
    this.#session.problems.add(...others.map(({ path, dim }) => {
      const reason = `Its embeddings have ${count(dim, 'number')}, those before it ${whole(width)}: only embeddings of one model can be compared. Clear all to begin with this file.`;
      return /** @type {const} */ ({ file: path, reason, kind: 'error' });
    }));
    return read.filter(({ dim }) => dim === width);
  }

  /** How many numbers the embeddings have that are here; null where there are none. */
  #width() {
    const { items, embedder } = this.#session;
    const [first] = items.all();
    return first ? embedder.embeddings.get(first.id)?.length ?? null : null;
  }
}

/**
 * @param {Read} imported
 * @returns {Entry[]}
 */
function entriesOf({ images, rows, model, path }) {
  const origin = { file: path, model };
  return images.map(({ path, set, identity, camera, content = null }, row) => ({
    described: { file: null, origin, path, thumbnail: null, set: /** @type {SetName} */ (set), identity, camera, content },
    set: /** @type {SetName} */ (set),
    path,
    embedding: rows[row],
  }));
}

/**
 * "27 query and 8 gallery embeddings of 48 numbers from embeddings.npy, 9 identities, no cameras".
 * @param {Read[]} read
 * @param {number} known   of them that were here already
 */
function summary(read, known) {
  const images = read.flatMap(({ images }) => images);
  const query = images.filter(({ set }) => set === 'query').length;
  const sets = [[query, 'query'], [images.length - query, 'gallery']].filter(([number]) => number);
  const names = read.map(({ path }) => path.split('/').at(-1)).join(', ');
  const rescaled = read.reduce((sum, one) => sum + one.rescaled, 0);
  const words = sets.map(([number, set]) => `${whole(Number(number))} ${set}`).join(' and ');
  return [
    `${words} ${images.length === 1 ? 'embedding' : 'embeddings'} of ${whole(read[0].dim)} numbers from ${names}`,
    ...labelWords(images),
    ...(rescaled ? [`${whole(rescaled)} scaled to length 1`] : []),
    ...(known ? [`${whole(known)} of them already here`] : []),
  ].join(', ');
}
