// @ts-check
/**
 * What a person does to the two sets: drop, choose a run, remove, clear, take back.
 *
 * @typedef {import('../types.js').Item} Item
 * @typedef {import('../types.js').DroppedFile} DroppedFile
 * @typedef {import('../types.js').SetName} SetName
 * @typedef {import('../types.js').Zone} Zone
 * @typedef {import('./intake.js').Intake} Intake
 */
import { count } from '../format.js';
import { imagesOfRun, toItem, understand } from './intake.js';
import { summary } from './summary.js';

export class Sets {
  #session;
  /** @type {Intake | null} the drop that the shown choice belongs to */
  #choosing = null;
  /** @type {number[]} ids of what that drop added */
  #added = [];

  /** @param {import('./session.js').Session} session */
  constructor(session) {
    this.#session = session;
  }

  /**
   * @param {DroppedFile[]} files
   * @param {Zone} zone
   */
  async drop(files, zone) {
    const { matching, problems, notices } = this.#session;
    const intake = await understand(files, zone, matching);
    problems.add(...intake.skipped);
    this.#choosing = intake;
    const homeless = intake.images.filter(({ label }) => label.set === null);
    if (intake.images.length > 0 && homeless.length === intake.images.length) {
      const text = `${count(homeless.length, 'image')}, no folder says query or gallery`;
      return notices.say(text, { choice: { kind: 'set', images: homeless.length } });
    }
    const reason = 'No folder above it is named query… or gallery…; drop it on Query or on Gallery.';
    problems.add(...homeless.map(({ path }) => /** @type {const} */ ({ file: path, reason, kind: 'skipped' })));
    this.#added = [];
    this.chooseRun(0, intake.runs[0]?.gallery === 0);
  }

  /** @param {SetName} set  for a drop whose folders name none */
  chooseSet(set) {
    const intake = this.#choosing;
    if (!intake) return;
    for (const { label } of intake.images) label.set = set;
    intake.runs = [];
    this.#added = [];
    this.chooseRun(0, false);
  }

  /**
   * Takes one run of the dropped data set, in place of the one taken before.
   * @param {number} run   index
   * @param {boolean} distractors
   */
  chooseRun(run, distractors) {
    const intake = this.#choosing;
    if (!intake) return;
    const { runs, skipped } = intake;
    const isAmbiguous = runs.length > 1 || runs.some(({ gallery, galleryAll }) => gallery > 0 && galleryAll > 0);
    const images = imagesOfRun(intake, runs[run], distractors);
    this.discard(this.#added);
    if (images.length > 0) this.#session.sample.stepAside();
    const added = this.#session.items.add(images.map(toItem)).map(({ id }) => id);
    this.#added = added;
    const known = images.length - added.length;
    const text = summary(images, skipped.length) + (known ? `, ${known} of them already here` : '');
    this.#session.notices.say(text, {
      undo: added.length ? { back: () => this.discard(added), forget() {} } : null,
      choice: isAmbiguous ? { kind: 'run', runs, run, distractors } : null,
    });
    this.#session.changed();
  }

  /**
   * @param {number[]} ids
   * @param {string} [name]  of what is removed
   */
  remove(ids, name = count(ids.length, 'image')) {
    const { items, embedder, notices } = this.#session;
    const removed = this.#takeOut(ids);
    if (removed.length === 0) return;
    const back = () => {
      items.restore(removed);
      embedder.recall(removed);
      this.#session.changed();
    };
    notices.say(`${name} removed`, { undo: { back, forget: () => this.#dispose(removed) } });
  }

  /** @param {SetName | 'all'} set */
  clear(set) {
    const { items } = this.#session;
    const cleared = set === 'all' ? items.all() : items.of(set);
    const name = `${count(cleared.length, 'image')}${set === 'all' ? '' : ` of the ${set}`}`;
    this.remove(cleared.map(({ id }) => id), name);
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
    for (const { id } of removed) this.#session.embedder.embeddings.delete(id);
  }
}
