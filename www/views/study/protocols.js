// @ts-check
/**
 * What other protocols say, one row each, whose name opens its definition. Emits `change` (detail ProtocolDraws).
 *
 * @typedef {import('../../types.js').Evaluation} Evaluation
 * @typedef {import('../../types.js').ProtocolName} ProtocolName
 * @typedef {import('../../types.js').ProtocolResults} ProtocolResults
 */
import { PROTOCOLS } from '../../definitions.js';
import { cellsOf, cellsOfEvaluation, drawnNote, lostNotes } from '../../words/protocol-rows.js';
import { definitionEntry } from '../definition.js';
import { find, setText, textElement } from '../dom.js';
import { View } from '../view.js';
import { checkNumbers } from './number-fields.js';

/** @type {ProtocolName[]} */
const NAMES = ['leaveOneOut', 'splits', 'singleGalleryShot'];
/** Columns with values. */
const METRICS = 5;

export class ProtocolsView extends View {
  #form;
  /** @type {Partial<Record<ProtocolName, ProtocolResults>>} */
  #found = {};

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    const form = find(element, '.protocol-draws', HTMLFormElement);
    this.#form = form;
    find(element, '.protocol-definitions', HTMLElement).append(...PROTOCOLS.map(protocolEntry));
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('change', () => {
      if (checkNumbers(form, 'The protocols stay as they are.')) this.emit('change', this.#read());
    });
    for (const button of element.querySelectorAll('button'))
      button.addEventListener('click', () => this.#toggle(button));
    this.showEvaluation(null);
    for (const name of NAMES) this.show(name, null);
  }

  /** @param {boolean} isBusy */
  showBusy(isBusy) {
    this.element.ariaBusy = String(isBusy);
    setText(this.element, '.protocols-state', isBusy ? 'computing …' : '');
  }

  /** @param {Evaluation | null} evaluation  of queries and gallery as they are */
  showEvaluation(evaluation) {
    this.#fill('asTheyAre', cellsOfEvaluation(evaluation).map(cellElement));
  }

  /**
   * @param {ProtocolName} name
   * @param {ProtocolResults | null} found
   */
  show(name, found) {
    this.#found[name] = found ?? undefined;
    setText(this.element, '.protocols-lost', lostNotes(this.#found).join(' '));
    this.#fill(name, cellsOf(found).map(cellElement));
    if (name === 'splits') setText(this.element, '.protocols-note', found ? drawnNote(found) : '');
  }

  /**
   * @param {ProtocolName} name
   * @param {string} reason
   */
  showError(name, reason) {
    const cell = document.createElement('td');
    cell.className = 'protocol-error error-text';
    cell.colSpan = METRICS;
    cell.append(textElement('span', reason));
    this.#fill(name, [cell]);
    if (name === 'splits') setText(this.element, '.protocols-note', '');
  }

  /**
   * @param {ProtocolName | 'asTheyAre'} name
   * @param {HTMLElement[]} cells
   */
  #fill(name, cells) {
    const row = find(this.element, `[data-protocol=${name}]`, HTMLTableRowElement);
    for (const cell of row.querySelectorAll('td')) cell.remove();
    row.append(...cells);
  }

  /** @param {HTMLButtonElement} button  of a definition */
  #toggle(button) {
    const isOpen = button.ariaExpanded !== 'true';
    button.ariaExpanded = String(isOpen);
    find(this.element, `#${button.getAttribute('aria-controls')}`, HTMLElement).hidden = !isOpen;
  }

  /** @returns {import('../../types.js').ProtocolDraws} */
  #read() {
    const number = (/** @type {string} */ name) =>
      /** @type {HTMLInputElement} */ (this.#form.elements.namedItem(name)).valueAsNumber;
    return { galleryImages: number('galleryImages'), runs: number('runs'), seed: number('seed') };
  }
}

/**
 * A definition that is shown once its name is clicked.
 * @param {import('../../definitions.js').Definition} definition
 */
function protocolEntry(definition) {
  const entry = definitionEntry(definition);
  entry.id = `protocol-${definition.key}`;
  entry.hidden = true;
  return entry;
}

/** @param {import('../../words/protocol-rows.js').Cell} cell */
function cellElement({ text, value }) {
  const element = textElement('td', text);
  element.dataset.value = value === null ? '' : String(value);
  return element;
}
