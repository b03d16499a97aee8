// @ts-check
/**
 * All numbers of an evaluation in a table, with what refinements change. Emits `toggle` (detail boolean: it is open) and
 * `query` (detail id) to show one.
 *
 * @typedef {import('../types.js').Change} Change
 * @typedef {import('../types.js').Item} Item
 * @typedef {import('../types.js').Studied} Studied
 * @typedef {import('./study-rows.js').Row} Row
 */
import { count, fraction, whole } from '../format.js';
import { find, setText, textElement } from './dom.js';
import { changeOf, noteOf, rangeOf, rowsOf } from './study-rows.js';
import { View } from './view.js';

/** Queries that are named of those that have become better or worse. */
const NAMED = 12;

export class StudyView extends View {
  #rows;

  /** @param {HTMLDetailsElement} element */
  constructor(element) {
    super(element);
    this.#rows = find(element, '.study-table tbody', HTMLElement);
    element.addEventListener('toggle', () => this.emit('toggle', element.open));
  }

  /** @param {boolean} isBusy */
  showBusy(isBusy) {
    this.element.ariaBusy = String(isBusy);
    setText(this.element, '.study-state', isBusy ? 'computing …' : '');
  }

  /** @param {string} reason */
  showError(reason) {
    setText(this.element, '.study-error', reason);
  }

  /**
   * @param {Studied | null} studied
   * @param {(id: number) => Item | undefined} itemOf
   */
  update(studied, itemOf) {
    this.showError(studied ? '' : 'Both sets need embedded images.');
    this.#rows.replaceChildren(...(studied ? rowsOf(studied).map(rowElement) : []));
    this.element.classList.toggle('has-changes', Boolean(studied?.comparison));
    setText(this.element, '.study-note', studied ? noteOf(studied) : '');
    const changes = find(this.element, '.study-changes', HTMLElement);
    changes.hidden = !studied?.comparison;
    if (!studied?.comparison) return;
    const { better, worse } = studied.comparison;
    find(changes, '.study-better', HTMLElement).replaceChildren(...this.#named(better, 'better', itemOf));
    find(changes, '.study-worse', HTMLElement).replaceChildren(...this.#named(worse, 'worse', itemOf));
  }

  /**
   * @param {Change[]} changes
   * @param {string} word
   * @param {(id: number) => Item | undefined} itemOf
   */
  #named(changes, word, itemOf) {
    const buttons = changes.slice(0, NAMED).flatMap(({ id, before, after }) => {
      const button = textElement('button', itemOf(id)?.path.split('/').slice(-2).join('/') ?? String(id), 'link-button');
      button.title = `AP ${fraction(before)} → ${fraction(after)}`;
      button.addEventListener('click', () => this.emit('query', id));
      return [button, ' '];
    });
    const more = changes.length > NAMED ? `and ${whole(changes.length - NAMED)} more` : '';
    return [`${count(changes.length, 'query has', 'queries have')} a ${word} AP${changes.length ? ': ' : '. '}`, ...buttons, more];
  }
}

/** @param {Row} row */
function rowElement(row) {
  const { name, value } = row;
  const element = document.createElement('tr');
  const head = textElement('th', name);
  head.scope = 'row';
  const cells = [fraction(value), rangeOf(row), changeOf(row)];
  element.append(head, ...cells.map((text) => textElement('td', text)));
  const [shown, , changed] = element.querySelectorAll('td');
  shown.dataset.value = value === null ? '' : String(value);
  changed.className = 'study-change';
  return element;
}
