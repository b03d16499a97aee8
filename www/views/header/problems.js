// @ts-check
/** What went wrong, with file and reason; errors are unfolded, ignored files folded. Emits `dismiss`. */
import { count, isolated, whole } from '../../words/format.js';
import { clone, find, setText, textElement } from '../dom.js';
import { View } from '../view.js';

/** @typedef {import('../../types.js').Problem} Problem */

const SHOWN = 500;

export class ProblemsView extends View {
  #list;
  #toggles;
  /** @type {Map<Problem, HTMLElement>} */
  #rows = new Map();

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    this.#list = find(element, '.problem-list', HTMLElement);
    this.#toggles = [...element.querySelectorAll('.problems-toggle')].map(
      (toggle) => /** @type {HTMLElement} */ (toggle),
    );
    for (const toggle of this.#toggles) toggle.addEventListener('click', () => this.#fold(toggle));
    find(element, '.dismiss', HTMLButtonElement).addEventListener('click', () => this.emit('dismiss'));
    for (const toggle of this.#toggles) this.#applyFold(toggle);
  }

  /** @param {Problem[]} problems */
  update(problems) {
    this.element.hidden = problems.length === 0;
    const errors = problems.filter(({ kind }) => kind === 'error').length;
    this.#label('error', errors, count(errors, 'error'));
    this.#label('skipped', problems.length - errors, `${count(problems.length - errors, 'file')} ignored`);
    const last = problems.filter(({ kind }) => kind === 'error').at(-1);
    setText(
      this.element,
      '[role=alert]',
      last ? `${count(errors, 'error')}. ${isolated(last.file)} ${last.reason}` : '',
    );
    this.#show(problems);
  }

  /** @param {Problem[]} problems  rows that exist stay */
  #show(problems) {
    const shown = problems.slice(0, SHOWN);
    const rows = new Map(shown.map((problem) => [problem, this.#rows.get(problem) ?? row(problem)]));
    for (const [problem, element] of this.#rows) if (!rows.has(problem)) element.remove();
    for (const element of rows.values()) if (!element.isConnected) this.#list.append(element);
    this.#list.querySelector('.problems-more')?.remove();
    const more = problems.length - shown.length;
    if (more > 0) this.#list.append(textElement('li', `and ${whole(more)} more`, 'problems-more small'));
    this.#rows = rows;
  }

  /**
   * @param {Problem['kind']} kind
   * @param {number} number
   * @param {string} text
   */
  #label(kind, number, text) {
    const toggle = this.#toggles.find(({ dataset }) => dataset.kind === kind);
    if (!toggle) return;
    toggle.hidden = number === 0;
    toggle.textContent = text;
  }

  /** @param {HTMLElement} toggle */
  #fold(toggle) {
    const isOpen = toggle.getAttribute('aria-expanded') === 'true';
    toggle.setAttribute('aria-expanded', String(!isOpen));
    this.#applyFold(toggle);
  }

  /** @param {HTMLElement} toggle */
  #applyFold(toggle) {
    const isOpen = toggle.getAttribute('aria-expanded') === 'true';
    this.#list.classList.toggle(`hide-${toggle.dataset.kind}`, !isOpen);
  }
}

/** @param {Problem} problem */
function row({ file, reason, kind }) {
  const element = clone('problem');
  Object.assign(element.dataset, { file, reason, kind });
  setText(element, '.problem-file', file);
  setText(element, '.problem-reason', reason);
  return element;
}
