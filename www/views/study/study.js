// @ts-check
/**
 * All metrics in a table, with what refinements change; the name of a metric opens its definition and the queries that
 * keep it from being perfect. Emits `toggle` (detail boolean: it is open) and
 * `query` (detail id) to show one.
 *
 * @typedef {import('../../types.js').Change} Change
 * @typedef {import('../../types.js').Item} Item
 * @typedef {import('../../types.js').Studied} Studied
 * @typedef {import('../../words/study-rows.js').Row} Row
 */
import { definitionOf, STUDY } from '../../definitions.js';
import { count, fraction, whole } from '../../words/format.js';
import { refinementWords } from '../../words/refinements.js';
import { imperfectQueries } from '../../words/study-queries.js';
import { changeOf, noteOf, rangeOf, rowsOf } from '../../words/study-rows.js';
import { definitionElements, definitionEntry } from '../definition.js';
import { find, setText, textElement } from '../dom.js';
import { View } from '../view.js';

/** Queries that are named of a list of them. */
const NAMED = 12;
/** Of the table, with those of the comparison. */
const COLUMNS = 5;

export class StudyView extends View {
  #rows;
  /** Names of the metrics that are open. @type {Set<string>} */
  #open = new Set();

  /** @param {HTMLDetailsElement} element */
  constructor(element) {
    super(element);
    this.#rows = find(element, '.study-table tbody', HTMLElement);
    find(element, '.definitions dl', HTMLElement).append(...STUDY.map(definitionEntry));
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
    this.showError(studied ? '' : 'Both sets need processed images.');
    this.#rows.replaceChildren(
      ...(studied ? rowsOf(studied).flatMap((row) => this.#rowElements(row, studied, itemOf)) : []),
    );
    this.element.classList.toggle('has-changes', Boolean(studied?.comparison));
    setText(this.element, '.study-value', studied?.comparison ? 'With refinements' : 'Value');
    this.#showComparison(studied);
    setText(this.element, '.study-note', studied ? noteOf(studied) : '');
    const changes = find(this.element, '.study-changes', HTMLElement);
    changes.hidden = !studied?.comparison?.differences;
    if (!studied?.comparison) return;
    const { better, worse } = studied.comparison;
    find(changes, '.study-better', HTMLElement).replaceChildren(...this.#changed(better, 'better', itemOf));
    find(changes, '.study-worse', HTMLElement).replaceChildren(...this.#changed(worse, 'worse', itemOf));
  }

  /** @param {Studied | null} studied  what the values below are compared with */
  #showComparison(studied) {
    const refinements = studied?.comparison ? refinementWords(studied.study.settings).join('; ') : '';
    for (const line of this.element.querySelectorAll('.study-comparison')) {
      line.toggleAttribute('hidden', !refinements);
      line.textContent =
        `With ${refinements}. The ranks, the heat map and the metrics outside this section are ` +
        'without refinements.';
    }
  }

  /**
   * A metric, and what explains it, which its name shows and hides.
   *
   * @param {Row} row
   * @param {Studied} studied
   * @param {(id: number) => Item | undefined} itemOf
   */
  #rowElements(row, studied, itemOf) {
    const more = document.createElement('tr');
    const cell = document.createElement('td');
    const button = textElement('button', row.name, 'link-button');
    const show = (/** @type {boolean} */ isOpen) => {
      button.ariaExpanded = String(isOpen);
      more.hidden = !isOpen;
      if (isOpen && !cell.hasChildNodes()) cell.append(this.#explain(row, studied, itemOf));
    };
    more.className = 'study-behind';
    cell.colSpan = COLUMNS;
    more.append(cell);
    button.type = 'button';
    button.addEventListener('click', () => {
      const isOpen = button.ariaExpanded !== 'true';
      this.#open[isOpen ? 'add' : 'delete'](row.name);
      show(isOpen);
    });
    show(this.#open.has(row.name));
    return [rowElement(row, button), more];
  }

  /**
   * @param {Row} row
   * @param {Studied} studied
   * @param {(id: number) => Item | undefined} itemOf
   */
  #explain(row, { study, comparison }, itemOf) {
    const { n, lead, queries } = imperfectQueries(row, study);
    const element = document.createElement('div');
    const list = document.createElement('p');
    list.append(`${comparison ? 'With refinements, ' : ''}${n}. ${lead}`, ...this.#named(queries, itemOf));
    element.append(...definitionElements(definitionOf(row.definition)), list);
    return element;
  }

  /**
   * @param {Change[]} changes
   * @param {string} word
   * @param {(id: number) => Item | undefined} itemOf
   */
  #changed(changes, word, itemOf) {
    const queries = changes.map(({ id, before, after }) => ({
      id,
      note: `AP ${fraction(before)} → ${fraction(after)}`,
    }));
    return [`${count(changes.length, 'query has', 'queries have')} a ${word} AP`, ...this.#named(queries, itemOf)];
  }

  /**
   * The end of a sentence: the first of these queries, each a button that shows it.
   *
   * @param {import('../../words/study-queries.js').Named[]} queries
   * @param {(id: number) => Item | undefined} itemOf
   */
  #named(queries, itemOf) {
    const buttons = queries.slice(0, NAMED).flatMap(({ id, note }) => {
      const button = textElement(
        'button',
        itemOf(id)?.path.split('/').slice(-2).join('/') ?? String(id),
        'link-button',
      );
      button.type = 'button';
      button.title = note;
      button.addEventListener('click', () => this.emit('query', id));
      return [button, ' '];
    });
    const more = queries.length > NAMED ? `and ${whole(queries.length - NAMED)} more` : '';
    return [queries.length ? ': ' : '.', ...buttons, more];
  }
}

/**
 * @param {Row} row
 * @param {HTMLElement} name
 */
function rowElement(row, name) {
  const { value } = row;
  const element = document.createElement('tr');
  const head = document.createElement('th');
  head.scope = 'row';
  head.append(name);
  const cells = [fraction(value), rangeOf(row), fraction(row.plain), changeOf(row)];
  element.append(head, ...cells.map((text) => textElement('td', text)));
  const [shown, , ...compared] = element.querySelectorAll('td');
  shown.dataset.value = value === null ? '' : String(value);
  for (const cell of compared) cell.className = 'study-change';
  return element;
}
