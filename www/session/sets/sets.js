// @ts-check
/**
 * What a person does to the two sets: drop, choose a run, remove, clear, take back.
 *
 * @typedef {import('../../types.js').Item} Item
 * @typedef {import('../../types.js').DroppedFile} DroppedFile
 * @typedef {import('../../types.js').SetName} SetName
 * @typedef {import('../../types.js').Zone} Zone
 * @typedef {import('./intake.js').Intake} Intake
 */
import { count, whole } from '../../words/format.js';
import { Slices } from '../../scheduling/slices.js';
import { haveSameBytes, notHere } from './already-here.js';
import { mayHoldEmbeddings } from './embedding-files.js';
import { imagesOfRun, toItem, understand } from './intake.js';
import { summary } from '../../words/drop-summary.js';

export class Sets {
  #session;
  /** @type {Intake | null} the drop that the shown choice belongs to */
  #choosing = null;
  /** @type {number[]} ids of what that drop added */
  #added = [];
  /** Counts choices of a run: a later one replaces one that still compares images. */
  #turn = 0;
  /** @type {() => void} goes on once there is room */
  #goOn = () => {};
  /** @type {Item[]} what has made room, until the undo takes them over */
  #replaced = [];

  /** @param {import('../session.js').Session} session */
  constructor(session) {
    this.#session = session;
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
    const { matching, problems, notices, sample } = this.#session;
    const intake = await understand(files, zone, matching, signal);
    intake.givesWay = givesWay;
    signal?.throwIfAborted();
    if (!besideModel && intake.images.length === 0 && intake.files.some(mayHoldEmbeddings)) {
      problems.addAll(intake.skipped.filter(({ file }) => !mayHoldEmbeddings({ path: file })));
      await this.#session.imports.drop(intake.files, zone);
      return [];
    }
    this.#session.imports.forget();
    problems.addAll(intake.skipped);
    if (!givesWay && intake.images.length > 0) sample.stepAside();
    this.#choosing = intake;
    const homeless = intake.images.filter(({ label }) => label.set === null);
    if (intake.images.length > 0 && homeless.length === intake.images.length) {
      const text = `${count(homeless.length, 'image')}, no folder says query or gallery`;
      notices.say(text, { choice: { kind: 'set', images: homeless.length } });
      return [];
    }
    const reason = 'No folder above it is named query… or gallery…; drop it on Query or on Gallery.';
    const passedOver = homeless.map(({ path }) => /** @type {const} */ ({ file: path, reason, kind: 'skipped' }));
    problems.addAll(passedOver);
    intake.skipped.push(...passedOver);
    this.#added = [];
    return this.chooseRun(0, intake.runs[0]?.gallery === 0, signal);
  }

  /** @param {SetName} set  for a drop whose folders name none */
  chooseSet(set) {
    const intake = this.#choosing;
    if (!intake) return [];
    for (const { label } of intake.images) label.set = set;
    intake.runs = [];
    this.#added = [];
    return this.chooseRun(0, false);
  }

  /**
   * Takes one run of the dropped data set, in place of the one taken before.
   * @param {number} run   index
   * @param {boolean} distractors
   * @param {AbortSignal} [signal]   takes what was added back
   * @returns {Promise<number[]>}   ids of what was added
   */
  async chooseRun(run, distractors, signal) {
    const intake = this.#choosing;
    if (!intake) return [];
    const { runs, skipped, givesWay } = intake;
    const isAmbiguous = runs.length > 1 || runs.some(({ gallery, galleryAll }) => gallery > 0 && galleryAll > 0);
    const images = imagesOfRun(intake, runs[run], distractors);
    this.discard(this.#added);
    this.#added = [];
    if (images.length > 0 && !givesWay && !this.makeRoom(false, () => this.chooseRun(run, distractors))) return [];
    if (givesWay && this.#session.items.all().length > 0) return [];
    const turn = (this.#turn += 1);
    intake.turn = turn;
    const isCurrent = () => intake.turn === turn && !signal?.aborted;
    const added = await this.#add(images, isCurrent, signal);
    if (!isCurrent()) {
      this.discard(added);
      return [];
    }
    if (intake === this.#choosing) this.#added = added;
    const known = images.length - added.length;
    const text = summary(images, skipped) + (known ? `, ${whole(known)} of them already here` : '');
    this.say(text, added, isAmbiguous ? { kind: 'run', runs, run, distractors } : null);
    return added;
  }

  /**
   * @param {import('./intake.js').Described[]} images   with a set
   * @param {() => boolean} isCurrent   whether they still are what was chosen
   * @param {AbortSignal} [signal]
   * @returns {Promise<number[]>}   ids of those that were not here
   */
  async #add(images, isCurrent, signal) {
    const { items } = this.#session;
    const slices = new Slices(signal);
    /** @type {number[]} */
    const added = [];
    /** @type {(import('./intake.js').Described & {set: SetName})[]} */
    const dropped = [];
    const gone = this.#gone();
    await slices.each(images, (image) => {
      const set = /** @type {SetName} */ (image.label.set);
      const id = gone.get(`${set}/${image.path}`);
      if (id === undefined) dropped.push({ ...image, set });
      else this.#session.embedder.comeBack(id, image.file);
    });
    const fresh = await notHere(dropped, items.all(), haveSameBytes, signal);
    try {
      await slices.some(fresh, (some) => {
        if (isCurrent()) added.push(...items.add(some.map(toItem)).map(({ id }) => id));
      });
    } catch (error) {
      this.discard(added);
      throw error;
    }
    return added;
  }

  /** Images whose file cannot be read any more: ids by set and path. */
  #gone() {
    const { items, embedder } = this.#session;
    const entries = embedder.aside.of('gone').flatMap(({ id }) => items.get(id) ?? []);
    return new Map(entries.map(({ id, set, path }) => [`${set}/${path}`, id]));
  }

  /**
   * Puts the sample away; asks before images make room for embeddings from files or the other way round, for these
   * cannot be compared.
   *
   * @param {boolean} forImported
   * @param {() => void} goOn   called once there is room
   * @returns {boolean} whether there is
   */
  makeRoom(forImported, goOn) {
    const { items, notices, sample } = this.#session;
    sample.stepAside();
    const here = items.numbers.query + items.numbers.gallery;
    if (here === 0 || items.areImported === forImported) return true;
    this.#goOn = goOn;
    const text = forImported
      ? `${count(here, 'image')} here: embeddings from files cannot be compared with them`
      : `${count(here, 'imported embedding')} here: images cannot be compared with them`;
    notices.say(text, { choice: { kind: 'replace' } });
    return false;
  }

  /** What is here makes room for what waits. */
  replace() {
    const goOn = this.#goOn;
    this.#goOn = () => {};
    this.#replaced = this.#takeOut(this.#session.items.all().map(({ id }) => id));
    goOn();
  }

  /**
   * Says what was added. Taking that back brings what made room for it back.
   *
   * @param {string} text
   * @param {number[]} added   ids
   * @param {import('../../types.js').Choice | null} [choice]
   */
  say(text, added, choice = null) {
    const replaced = this.#replaced;
    this.#replaced = [];
    const back = () => {
      this.discard(added);
      if (replaced.length > 0) this.#bringBack(replaced);
    };
    const undo = added.length ? { back, forget: () => this.#dispose(replaced) } : null;
    this.#session.notices.say(text, { undo, choice });
    this.#session.changed();
  }

  /** @param {Item[]} removed */
  #bringBack(removed) {
    const { items, embedder } = this.#session;
    items.restore(removed);
    embedder.recall(removed);
    this.#session.changed();
  }

  /**
   * @param {number[]} ids
   * @param {string} [name]  of what is removed
   */
  remove(ids, name = count(ids.length, 'image')) {
    const removed = this.#takeOut(ids);
    if (removed.length === 0) return;
    const undo = { back: () => this.#bringBack(removed), forget: () => this.#dispose(removed) };
    this.#session.notices.say(`${name} removed`, { undo });
  }

  /** @param {SetName | 'all'} set */
  clear(set) {
    const { items } = this.#session;
    if (set === 'all') this.#session.listings.cancel();
    const cleared = set === 'all' ? items.all() : items.of(set);
    const name = `${count(cleared.length, 'image')}${set === 'all' ? '' : ` of the ${set}`}`;
    this.remove(cleared.map(({ id }) => id), name);
    // What was chosen for one data set need not hold for the next one.
    if (set === 'all') this.#session.setOptions({ removeSameCamera: true });
  }

  /** @param {number[]} ids  removed for good */
  discard(ids) {
    this.#dispose(this.#takeOut(ids));
  }

  /** @param {number[]} ids */
  #takeOut(ids) {
    const { items, embedder, problems } = this.#session;
    const removed = items.remove(ids);
    embedder.forget(removed);
    const failed = new Set(removed.filter(({ status }) => status === 'failed').map(({ path }) => path));
    if (failed.size) problems.dismiss(({ file, kind }) => kind === 'error' && failed.has(file));
    this.#session.changed();
    return removed;
  }

  /** @param {Item[]} removed */
  #dispose(removed) {
    this.#session.items.dispose(removed);
    this.#session.embedder.discard(removed.map(({ id }) => id));
  }
}
