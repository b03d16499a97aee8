// @ts-check
/** What was assumed about a model rather than read from its files, to be corrected. A part of the model's view. */
import { choiceWords, fieldWords } from '../../words/assumptions.js';
import { clone, find, setText } from '../dom.js';

/** @typedef {import('../../model-types.js').Assumption} Assumption */

export class AssumptionsView {
  #onCorrect;

  /**
   * @param {HTMLElement} element
   * @param {(field: string, value: string) => void} onCorrect
   */
  constructor(element, onCorrect) {
    this.element = element;
    this.#onCorrect = onCorrect;
  }

  /** @param {Assumption[]} assumptions */
  update(assumptions) {
    this.element.hidden = assumptions.length === 0;
    const list = find(this.element, '.assumption-list', HTMLElement);
    list.replaceChildren(...assumptions.map((assumption) => this.#row(assumption)));
  }

  /** @param {Assumption} assumption */
  #row({ field, value, choices, reason, finding }) {
    const row = clone('assumption');
    setText(row, '.assumption-name', fieldWords(field));
    setText(row, '.assumption-reason', finding ? `${reason} ${finding}` : reason);
    const select = find(row, 'select', HTMLSelectElement);
    select.dataset.field = field;
    select.replaceChildren(
      ...choices.map((choice) => {
        const isChosen = choice === value;
        return new Option(choiceWords(choice), choice, isChosen, isChosen);
      }),
    );
    select.addEventListener('change', () => this.#onCorrect(field, select.value));
    return row;
  }
}
