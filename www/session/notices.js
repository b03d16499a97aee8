// @ts-check
/**
 * The line that says what was understood, with undo and, where a drop is ambiguous, a choice; and what seems wrong with
 * what was typed last, which takes the place of neither.
 * Dispatches `change`.
 *
 * @typedef {object} Undo
 * @property {() => void} back     undoes the action
 * @property {() => void} forget   it can no longer be undone: frees what it kept
 *
 * @typedef {import('../types.js').Choice} Choice
 */

import { emit } from '../events.js';

const UNDO_MS = 30_000;

export class Notices extends EventTarget {
  text = '';
  warning = '';
  /** @type {Choice | null} */
  choice = null;
  /** @type {Undo | null} */
  #undo = null;
  #timer = 0;

  get canUndo() {
    return this.#undo !== null;
  }

  /**
   * @param {string} text
   * @param {{undo?: Undo | null, choice?: Choice | null}} [extra]
   */
  say(text, { undo = null, choice = null } = {}) {
    this.#forgetUndo();
    Object.assign(this, { text, choice });
    this.#undo = undo;
    if (undo) this.#timer = setTimeout(() => this.#expire(), UNDO_MS);
    emit(this, 'change');
  }

  /** @param {string} warning  '' takes it back */
  warn(warning) {
    if (warning === this.warning) return;
    this.warning = warning;
    emit(this, 'change');
  }

  undo() {
    const undo = this.#undo;
    this.#undo = null;
    this.say('Undone.');
    undo?.back();
  }

  #expire() {
    this.#forgetUndo();
    emit(this, 'change');
  }

  #forgetUndo() {
    clearTimeout(this.#timer);
    this.#undo?.forget();
    this.#undo = null;
  }
}
