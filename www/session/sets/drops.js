// @ts-check
/**
 * What is dropped, picked or pasted → the sets: which of it are images, of which set and which run. Dispatches `search`
 * (detail id) when a picture was dropped to be searched for.
 *
 * @typedef {import('../../types.js').DroppedFile} DroppedFile
 * @typedef {import('../../types.js').SetName} SetName
 * @typedef {import('../../types.js').Zone} Zone
 * @typedef {import('./intake.js').Described} Described
 * @typedef {import('./intake.js').Intake} Intake
 */
import { emit } from '../../events.js';
import { Slices } from '../../scheduling/slices.js';
import { summary } from '../../words/drop-summary.js';
import { count, whole } from '../../words/format.js';
import { haveSameBytes, notHere } from './already-here.js';
import { mayHoldEmbeddings } from './embedding-files.js';
import { imagesOfRun, toItem, understand } from './intake.js';

/** Instead of a collection. */
const SIDES = /** @type {SetName[]} */ (['query', 'gallery']);
const NO_SET = 'No folder above it is named query… or gallery…; drop it on Query or on Gallery.';

export class Drops extends EventTarget {
  #items;
  #embedder;
  #matching;
  #notices;
  #problems;
  #sets;
  #imports;
  /** @type {Intake | null} the drop that the shown choice belongs to */
  #choosing = null;
  /** @type {number[]} ids of what that drop added */
  #added = [];
  /** Counts choices of a run: a later one replaces one that still compares images. */
  #turn = 0;

  /**
   * @param {object} parts
   * @param {import('../items.js').Items} parts.items
   * @param {import('../embedding/embedder.js').Embedder} parts.embedder
   * @param {import('../../matching/client.js').MatchingClient} parts.matching
   * @param {import('../notices.js').Notices} parts.notices
   * @param {import('../problems.js').Problems} parts.problems
   * @param {import('./sets.js').Sets} parts.sets
   * @param {import('./imports.js').Imports} parts.imports
   */
  constructor({ items, embedder, matching, notices, problems, sets, imports }) {
    super();
    this.#items = items;
    this.#embedder = embedder;
    this.#matching = matching;
    this.#notices = notices;
    this.#problems = problems;
    this.#sets = sets;
    this.#imports = imports;
  }

  /**
   * @param {DroppedFile[]} files
   * @param {Zone} zone
   * @param {object} [options]
   * @param {boolean} [options.besideModel]   they came with a model, whose folder has more .json files than are read
   * @param {boolean} [options.givesWay]   the sample, which comes only where nothing else is
   * @param {AbortSignal} [options.signal]    until all of them are in the sets
   * @returns {Promise<number[]>}   ids of what was added
   */
  async drop(files, zone, { besideModel = false, givesWay = false, signal } = {}) {
    const intake = await understand(files, zone, this.#matching, signal);
    intake.givesWay = givesWay;
    signal?.throwIfAborted();
    if (!besideModel && intake.images.length === 0 && intake.files.some(mayHoldEmbeddings)) {
      return this.#import(intake, zone);
    }
    this.#imports.forget();
    this.#problems.addAll(intake.skipped);
    if (!givesWay && intake.images.length > 0) this.#sets.announceArrival();
    this.#choosing = intake;
    const homeless = intake.images.filter(({ label }) => label.set === null);
    if (intake.images.length > 0 && homeless.length === intake.images.length) return this.#dropHomeless(intake, signal);
    this.#passOver(homeless, intake);
    this.#added = [];
    return this.chooseRun(0, intake.runs[0]?.gallery === 0, signal);
  }

  /** @param {SetName} set  for a drop whose folders name none, or for embeddings that say none */
  async chooseSet(set) {
    if (this.#imports.isWaiting) return this.#imports.chooseSet(set);
    if (!this.#choosing) return;
    if (this.#added.length > 0) return this.#sets.move(this.#added, set, movedWords(this.#added.length, set));
    await this.#putInto(this.#choosing, set);
  }

  /**
   * @param {Intake} intake  whose folders name no set
   * @param {SetName} set
   * @param {AbortSignal} [signal]
   */
  async #putInto(intake, set, signal) {
    for (const { label } of intake.images) label.set = set;
    intake.runs = [];
    this.#added = [];
    return this.chooseRun(0, false, signal);
  }

  /**
   * Images of which no folder says to which set they belong. The first ones are a collection; one picture that comes
   * later is searched for in it; of anything else only the person knows what it is.
   *
   * @param {Intake} intake
   * @param {AbortSignal} [signal]
   */
  async #dropHomeless(intake, signal) {
    const { collection } = this.#items.counts;
    if (this.#items.size === 0 || this.#items.areImported) return this.#putInto(intake, 'collection', signal);
    if (collection === 0) return this.#askForSet(intake.images.length, SIDES);
    // The first picture was the one to search for.
    if (collection === 1) return this.#putInto(intake, 'collection', signal);
    if (intake.images.length > 1) return this.#askForSet(intake.images.length, ['collection', 'query']);
    const added = await this.#putInto(intake, 'query', signal);
    if (added.length > 0) emit(this, 'search', added[0]);
    return added;
  }

  /**
   * Takes one run of the dropped data set, in place of the one taken before.
   *
   * @param {number} run   index
   * @param {boolean} distractors
   * @param {AbortSignal} [signal]   takes what was added back
   * @returns {Promise<number[]>}   ids of what was added
   */
  async chooseRun(run, distractors, signal) {
    const intake = this.#choosing;
    if (!intake) return [];
    const images = imagesOfRun(intake, intake.runs[run], distractors);
    this.#sets.discard(this.#added);
    this.#added = [];
    if (!this.#hasRoom(intake, images, () => this.chooseRun(run, distractors))) return [];
    const turn = (this.#turn += 1);
    intake.turn = turn;
    const isCurrent = () => intake.turn === turn && !signal?.aborted;
    const added = await this.#add(images, isCurrent, signal);
    if (!isCurrent()) {
      this.#sets.discard(added);
      return [];
    }
    if (intake === this.#choosing) this.#added = added;
    this.#say(intake, images, added, { run, distractors });
    return added;
  }

  /**
   * @param {Intake} intake  of embeddings
   * @param {Zone} zone
   */
  async #import({ files, skipped }, zone) {
    this.#problems.addAll(skipped.filter(({ file }) => !mayHoldEmbeddings({ path: file })));
    await this.#imports.drop(files, zone);
    return [];
  }

  /**
   * @param {number} images  none of which says to which set it belongs
   * @param {SetName[]} sets   to which it may
   */
  #askForSet(images, sets) {
    const text = `${count(images, 'more picture')}: what ${images === 1 ? 'is it' : 'are they'} for?`;
    this.#added = [];
    this.#notices.say(text, { choice: { kind: 'set', sets } });
    return [];
  }

  /**
   * @param {Described[]} homeless  of which no folder says to which set they belong, though others are in one
   * @param {Intake} intake
   */
  #passOver(homeless, intake) {
    const passedOver = homeless.map(
      ({ path }) => /** @type {const} */ ({ file: path, reason: NO_SET, kind: 'skipped' }),
    );
    this.#problems.addAll(passedOver);
    intake.skipped.push(...passedOver);
  }

  /**
   * Whether the images may be added now.
   *
   * @param {Intake} intake
   * @param {Described[]} images
   * @param {() => void} goOn  once there is room
   */
  #hasRoom({ givesWay }, images, goOn) {
    if (givesWay) return this.#items.size === 0;
    return images.length === 0 || this.#sets.makeRoom(false, goOn);
  }

  /**
   * @param {Described[]} images   with a set
   * @param {() => boolean} isCurrent   whether they still are what was chosen
   * @param {AbortSignal} [signal]
   * @returns {Promise<number[]>}   ids of those that were not here
   */
  async #add(images, isCurrent, signal) {
    const slices = new Slices(signal);
    const dropped = await this.#withoutReturned(images, slices);
    const fresh = await notHere(dropped, this.#items.all(), haveSameBytes, signal);
    /** @type {number[]} */
    const added = [];
    try {
      await slices.some(fresh, (some) => {
        if (isCurrent()) added.push(...this.#items.add(some.map(toItem)).map(({ id }) => id));
      });
    } catch (error) {
      this.#sets.discard(added);
      throw error;
    }
    return added;
  }

  /**
   * Gives images whose file could no longer be read the file that was dropped again.
   *
   * @param {Described[]} images
   * @param {Slices} slices
   * @returns {Promise<(Described & {set: SetName})[]>}  the others
   */
  async #withoutReturned(images, slices) {
    /** @type {(Described & {set: SetName})[]} */
    const others = [];
    const gone = this.#gone();
    await slices.each(images, (image) => {
      const set = /** @type {SetName} */ (image.label.set);
      const id = gone.get(`${set}/${image.path}`);
      if (id === undefined) others.push({ ...image, set });
      else this.#embedder.comeBack(id, image.file);
    });
    return others;
  }

  /** Images whose file can no longer be read: ids by set and path. */
  #gone() {
    const entries = this.#embedder.aside.of('gone').flatMap(({ id }) => this.#items.get(id) ?? []);
    return new Map(entries.map(({ id, set, path }) => [`${set}/${path}`, id]));
  }

  /**
   * @param {Intake} intake
   * @param {Described[]} images
   * @param {number[]} added
   * @param {{run: number, distractors: boolean}} chosen
   */
  #say({ runs, skipped }, images, added, { run, distractors }) {
    const known = images.length - added.length;
    const { collection } = this.#items.counts;
    const text = summary(images, skipped, collection) + (known ? `, ${whole(known)} of them already here` : '');
    const isAmbiguous = runs.length > 1 || runs.some(({ gallery, galleryAll }) => gallery > 0 && galleryAll > 0);
    /** @type {import('../../types.js').Choice | null} */
    const choice = isAmbiguous ? { kind: 'run', runs, run, distractors } : correctionOf(images, collection);
    this.#sets.say(text, added, choice);
  }
}

/**
 * What else the images may be than what they were taken for.
 *
 * @param {Described[]} images
 * @param {number} collection   images
 * @returns {import('../../types.js').Choice | null}
 */
function correctionOf([first], collection) {
  if (first?.label.set === 'collection') return { kind: 'set', sets: SIDES, isCorrection: true };
  const isSearched = first?.label.set === 'query' && collection > 0;
  return isSearched ? { kind: 'set', sets: ['collection'], isCorrection: true } : null;
}

/**
 * @param {number} images
 * @param {SetName} set
 */
function movedWords(images, set) {
  const words = { query: 'searched for', gallery: 'searched in', collection: 'among the others' };
  return `${count(images, 'picture is', 'pictures are')} now ${words[set]}.`;
}
