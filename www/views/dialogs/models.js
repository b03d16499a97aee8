// @ts-check
/**
 * The dialog with the models that can be fetched and those that are kept.
 * Emits `fetch` (detail Source), `pause`, `remove`, `halve`, `use` (detail id), `fetch-text` (detail string), `open`,
 * `allow-hub` and `usual-hub`.
 *
 * @typedef {import('../../models/store.js').KeptModel} KeptModel
 * @typedef {import('../../models/source.js').Hub} Hub
 * @typedef {import('../../models/listing.js').Row} Row
 */
import { bytes, duration } from '../../words/format.js';
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

  /** @param {string} reason  why what was typed cannot be fetched; '' if it can */
  refuse(reason) {
    setText(this.element, '.model-form-error', reason);
  }

  /**
   * Names the hub that a link chose, and asks whether it may be asked for files.
   * @param {Hub} hub
   * @param {boolean} isAllowed
   */
  showHub({ host, isForeign, refusal }, isAllowed) {
    const asks = `A link has chosen ${host} as the source of models, in place of Hugging Face. Allow it only if you know who runs it: what it sends is used as the model.`;
    const tells = `Models come from ${host}, which a link has chosen.`;
    find(this.element, '.model-hub', HTMLElement).hidden = !isForeign && !refusal;
    setText(this.element, '.model-hub-text', isForeign ? (isAllowed ? tells : asks) : refusal);
    setText(this.element, '.model-hub-name', isForeign ? host : 'Hugging Face');
    const allow = find(this.element, '.model-hub-allow', HTMLButtonElement);
    allow.hidden = !isForeign || isAllowed;
    allow.textContent = `Allow ${host}`;
    find(this.element, '.model-hub-usual', HTMLButtonElement).hidden = !isForeign;
  }

  /** @param {string} trouble  why no model can be kept here, '' if it can */
  showTrouble(trouble) {
    const advice = trouble && `${trouble} So no model can be fetched here: download its files yourself and drop them on the page.`;
    setText(this.element, '.model-trouble', advice);
  }

  /** @param {{usage: number, quota: number} | null} room */
  showRoom(room) {
    const text = room ? `${bytes(room.usage)} of the browser’s storage is used by this page; it may take up to ${bytes(room.quota)}.` : '';
    setText(this.element, '.model-room', text);
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
  setText(element, '.model-row-facts', factsOf(row, isUsed));
  setText(element, '.model-row-state', kept ? inWords(kept) : '');
  setText(element, '.model-row-error', kept?.reason ?? '');
  const bar = find(element, 'progress', HTMLProgressElement);
  const isBegun = state === 'partial' && (kept?.stored ?? 0) > 0;
  bar.hidden = state !== 'active' && state !== 'elsewhere' && !isBegun;
  if (kept?.bytes) bar.value = kept.stored / kept.bytes;
  else bar.removeAttribute('value');
  const fetchButton = find(element, '.model-fetch', HTMLButtonElement);
  fetchButton.hidden = state !== 'absent' && state !== 'partial';
  fetchButton.disabled = !mayFetch;
  fetchButton.textContent = isBegun ? 'Go on' : 'Fetch';
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

/**
 * @param {Row} row
 * @param {boolean} isUsed
 */
function factsOf({ kept, bytes: expected, memory, facts }, isUsed) {
  const size = kept?.bytes || expected;
  const needs = memory && !kept ? `about ${bytes(memory)} of memory` : '';
  return [size ? bytes(size) : '', needs, ...facts, isUsed ? 'in use' : ''].filter(Boolean).join(' · ');
}

/** @param {KeptModel} kept */
function inWords({ state, stored, bytes: whole, step, bytesPerSecond, sha256, cosine }) {
  const share = whole ? `${bytes(stored)} of ${bytes(whole)}` : '';
  if (state === 'complete') return `kept in this browser${cosine === null ? '' : `, as F16: two known images have a cosine to F32 of at least ${cosine.toFixed(7)}`}; SHA-256 ${sha256}`;
  if (state === 'elsewhere') return `another tab is at work on it${share ? `: ${share}` : ''}`;
  if (state === 'partial') return share ? `${share} are here` : '';
  if (!step) return 'asking for its files';
  if (step.stage === 'halving') return 'storing it as F16 and measuring what that changes';
  if (step.stage === 'waiting') return 'another tab is fetching it';
  if (step.stage === 'checking') return `${share} fetched, computing the checksum`;
  if (step.trouble) return `${share}; ${step.trouble}`;
  const pace = bytesPerSecond > 0 ? `, ${bytes(bytesPerSecond)}/s, ${duration((whole - stored) / bytesPerSecond)} left` : '';
  return whole ? `${share}${pace}` : 'reading what the file holds';
}
