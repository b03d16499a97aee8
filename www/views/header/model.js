// @ts-check
/** The model in the header, and the facts about it. Emits `list`, `pick` and `correct` (detail {field, value}). */
import { bytes } from '../../words/format.js';
import { modelFacts } from '../../words/model-facts.js';
import { find, setFacts, setText } from '../dom.js';
import { View } from '../view.js';
import { AssumptionsView } from './assumptions.js';

/** @typedef {import('../../model-types.js').ModelInfo} ModelInfo */

export class ModelView extends View {
  #popover;
  #assumptions;

  /**
   * @param {HTMLElement} button
   * @param {HTMLElement} popover
   */
  constructor(button, popover) {
    super(button);
    this.#popover = popover;
    find(popover, '.model-pick', HTMLButtonElement).addEventListener('click', () => this.emit('pick'));
    find(popover, '.models-open', HTMLButtonElement).addEventListener('click', () => this.emit('list'));
    const assumptions = find(popover, '.assumptions', HTMLElement);
    this.#assumptions = new AssumptionsView(assumptions, (field, value) => this.emit('correct', { field, value }));
  }

  /** @param {import('../../model-types.js').ModelState} model */
  update({ status, info, name, reason }) {
    setText(this.element, '.fact-value', title(status, info, name));
    this.element.dataset.status = status;
    const failed = find(this.#popover, '.model-failed', HTMLElement);
    failed.hidden = status !== 'failed';
    failed.textContent = `${name ? `${name}: ` : ''}${reason}`;
    find(this.#popover, '.model-none', HTMLElement).hidden = info !== null;
    setFacts(find(this.#popover, '.facts', HTMLElement), info ? modelFacts(info) : []);
    this.#assumptions.update(info?.assumptions ?? []);
  }
}

/**
 * @param {string} status
 * @param {ModelInfo | null} info
 * @param {string} name
 */
function title(status, info, name) {
  if (status === 'loading') return `loading ${name}`;
  if (info) return `${info.name}, ${bytes(info.bytes)}`;
  return status === 'failed' ? 'not loaded' : 'none';
}
