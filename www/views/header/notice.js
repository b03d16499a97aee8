// @ts-check
/**
 * What the last action was understood to mean; undo; and the choice that a drop may leave open.
 * Emits `undo`, `choose-set` (detail SetName), `choose-run` (detail {run, distractors}), `replace`.
 *
 * @typedef {import('../../types.js').Choice} Choice
 */
import { count } from '../../words/format.js';
import { find, setText, textElement } from '../dom.js';
import { View } from '../view.js';

/** What images may be taken for. */
const SETS = { query: 'Search for these', gallery: 'Search in these', collection: 'Compare with each other' };
/** Instead of what they were taken for. */
const CORRECTIONS = {
  query: 'Only search for these',
  gallery: 'Only search in these',
  collection: 'Add to the others',
};

export class NoticeView extends View {
  #undo;
  #choice;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    this.#undo = find(element, '.undo', HTMLButtonElement);
    this.#choice = find(element, '.choice', HTMLElement);
    this.#undo.addEventListener('click', () => this.emit('undo'));
  }

  /** @param {{text: string, warning: string, canUndo: boolean, choice: Choice | null}} notice */
  update({ text, warning, canUndo, choice }) {
    setText(this.element, '.notice-text', text);
    setText(this.element, '.notice-warning', warning);
    this.element.title = [text, warning].filter(Boolean).join(' ');
    this.#undo.hidden = !canUndo;
    const hadFocus = this.#choice.contains(document.activeElement);
    this.#choice.hidden = choice === null;
    this.#choice.replaceChildren(...(choice ? this.#controls(choice) : []));
    if (hadFocus) this.#choice.querySelector('select')?.focus();
  }

  /** @param {Choice} choice */
  #controls(choice) {
    if (choice.kind === 'replace') return [this.#replaceButton()];
    return choice.kind === 'set' ? this.#setButtons(choice) : [this.#runSelect(choice)];
  }

  #replaceButton() {
    const button = textElement('button', 'Replace them');
    button.dataset.testid = 'replace';
    button.addEventListener('click', () => this.emit('replace'));
    return button;
  }

  /** @param {Extract<Choice, {kind: 'set'}>} choice */
  #setButtons({ sets, isCorrection }) {
    const words = isCorrection ? CORRECTIONS : SETS;
    return sets.map((set) => {
      const button = textElement('button', words[set], isCorrection ? 'link-button' : '');
      button.dataset.set = set;
      button.addEventListener('click', () => this.emit('choose-set', set));
      return button;
    });
  }

  /** @param {Extract<Choice, {kind: 'run'}>} choice */
  #runSelect({ runs, run, distractors }) {
    const label = textElement('label', 'Run ');
    const select = document.createElement('select');
    select.dataset.testid = 'choose-run';
    runs.forEach((pair, index) => {
      const name = pair.run ?? 'unnumbered';
      if (pair.gallery) select.append(option(`${name}, ${pair.query} × ${count(pair.gallery, 'image')}`, index, false));
      if (pair.galleryAll) {
        select.append(
          option(`${name} with distractors, ${pair.query} × ${count(pair.galleryAll, 'image')}`, index, true),
        );
      }
    });
    select.value = `${run} ${distractors}`;
    select.addEventListener('change', () => {
      const [index, all] = select.value.split(' ');
      this.emit('choose-run', { run: Number(index), distractors: all === 'true' });
    });
    label.append(select);
    return label;
  }
}

/**
 * @param {string} text
 * @param {number} run
 * @param {boolean} distractors
 */
function option(text, run, distractors) {
  return new Option(text, `${run} ${distractors}`);
}
