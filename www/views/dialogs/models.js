// @ts-check
/**
 * The dialog with the models that can be downloaded and those that are kept.
 * Emits `fetch` (detail Source), `pause`, `remove`, `halve`, `use` (detail id), `fetch-text` (detail string), `open`,
 * `allow-hub` and `usual-hub`.
 *
 * @typedef {import('../../models/source.js').Hub} Hub
 * @typedef {import('../../models/listing.js').Row} Row
 */
import { hubWords, keptWords, modelRowFacts, roomWords } from '../../words/model-rows.js';
import { clone, find, setText } from '../dom.js';
import { View } from '../view.js';

/** @extends {View<HTMLDialogElement>} */
export class ModelsView extends View {
  #list;
  /** @type {Map<string, HTMLElement>} */
  #rows = new Map();

  /** @param {HTMLDialogElement} element */
  constructor(element) {
    super(element);
    this.#list = find(element, '.model-list', HTMLElement);
    const form = find(element, '.model-form', HTMLFormElement);
    const input = find(form, 'input', HTMLInputElement);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (input.value.trim()) this.emit('fetch-text', input.value);
    });
    find(element, '.model-hub-allow', HTMLButtonElement).addEventListener('click', () => this.emit('allow-hub'));
    find(element, '.model-hub-usual', HTMLButtonElement).addEventListener('click', () => this.emit('usual-hub'));
    element.addEventListener('click', ({ target }) => target === element && element.close());
  }

  open() {
    if (!this.element.open) this.element.showModal();
    this.emit('open');
  }

  close() {
    this.element.close();
  }

  /** @param {string} reason  why what was typed cannot be downloaded; '' if it can */
  refuse(reason) {
    setText(this.element, '.model-form-error', reason);
  }

  /**
   * Names the hub that a link chose, and asks whether files may be requested from it.
   * @param {Hub} hub
   * @param {boolean} isAllowed
   */
  showHub({ host, isForeign, refusal }, isAllowed) {
    find(this.element, '.model-hub', HTMLElement).hidden = !isForeign && !refusal;
    setText(this.element, '.model-hub-text', isForeign ? hubWords(host, isAllowed) : refusal);
    setText(this.element, '.model-hub-name', isForeign ? host : 'Hugging Face');
    const allow = find(this.element, '.model-hub-allow', HTMLButtonElement);
    allow.hidden = !isForeign || isAllowed;
    allow.textContent = `Allow ${host}`;
    find(this.element, '.model-hub-usual', HTMLButtonElement).hidden = !isForeign;
  }

  /** @param {string} trouble  why no model can be kept here, '' if it can */
  showTrouble(trouble) {
    const advice = trouble && `${trouble} Download the files of a model yourself and drop them on the page.`;
    setText(this.element, '.model-trouble', advice);
  }

  /** @param {{usage: number, quota: number} | null} room */
  showRoom(room) {
    setText(this.element, '.model-room', room ? roomWords(room) : '');
  }

  /**
   * @param {Row[]} rows
   * @param {string | null} usedId  of the model in use
   * @param {boolean} mayFetch
   */
  update(rows, usedId, mayFetch) {
    find(this.element, '.model-form button', HTMLButtonElement).disabled = !mayFetch;
    for (const [id, element] of this.#rows) {
      if (rows.some(({ source }) => source.id === id)) continue;
      element.remove();
      this.#rows.delete(id);
    }
    for (const row of rows) {
      const element = this.#rows.get(row.source.id) ?? this.#add(row);
      show(element, row, row.source.id === usedId, mayFetch);
    }
  }

  /** @param {Row} row */
  #add({ source }) {
    const element = clone('model-row');
    /** @type {[string, () => void][]} */
    const actions = [
      ['.model-fetch', () => this.emit('fetch', source)],
      ['.model-pause', () => this.emit('pause', source.id)],
      ['.model-use', () => this.emit('use', source.id)],
      ['.model-halve', () => this.emit('halve', source.id)],
      ['.model-remove', () => this.emit('remove', source.id)],
    ];
    for (const [selector, act] of actions) {
      find(element, selector, HTMLButtonElement).addEventListener('click', act);
    }
    this.#rows.set(source.id, element);
    this.#list.append(element);
    return element;
  }
}

/**
 * @param {HTMLElement} element
 * @param {Row} row
 * @param {boolean} isUsed
 * @param {boolean} mayFetch
 */
function show(element, row, isUsed, mayFetch) {
  const { kept } = row;
  const state = kept?.state ?? 'absent';
  element.dataset.state = state;
  find(element, '.model-row-actions', HTMLElement).setAttribute('aria-label', row.name);
  setText(element, '.model-row-name', row.name);
  setText(element, '.model-row-use', row.use);
  setText(element, '.model-row-facts', modelRowFacts(row, isUsed));
  setText(element, '.model-row-state', kept ? keptWords(kept) : '');
  setText(element, '.model-row-error', kept?.reason ?? '');
  const bar = find(element, 'progress', HTMLProgressElement);
  const isBegun = state === 'partial' && (kept?.stored ?? 0) > 0;
  bar.hidden = state !== 'active' && state !== 'elsewhere' && !isBegun;
  if (kept?.bytes) bar.value = kept.stored / kept.bytes;
  else bar.removeAttribute('value');
  const fetchButton = find(element, '.model-fetch', HTMLButtonElement);
  fetchButton.hidden = state !== 'absent' && state !== 'partial';
  fetchButton.disabled = !mayFetch;
  fetchButton.textContent = isBegun ? 'Resume' : 'Download';
  find(element, '.model-pause', HTMLButtonElement).hidden = state !== 'active' || kept?.step?.stage === 'halving';
  const halve = find(element, '.model-halve', HTMLButtonElement);
  halve.hidden = state !== 'complete' || kept?.cosine !== null;
  halve.disabled = isUsed;
  const use = find(element, '.model-use', HTMLButtonElement);
  use.hidden = state !== 'complete';
  use.disabled = isUsed;
  const remove = find(element, '.model-remove', HTMLButtonElement);
  remove.hidden = state !== 'complete' && state !== 'partial';
  remove.disabled = isUsed;
}
