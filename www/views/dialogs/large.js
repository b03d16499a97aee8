// @ts-check
/**
 * The query next to a gallery image, large; or one gallery image alone.
 * Emits `step` (detail -1 | 1), `label` (detail {id, patch}), `remove` (detail id), `closed`.
 *
 * @typedef {import('../../types.js').Item} Item
 * @typedef {import('../../types.js').RankEntry} RankEntry
 * @typedef {{item: Item, embedding: Float32Array | null}} Shown
 */
import { fraction, identityName } from '../../words/format.js';
import { UNMATCHED_WORDS } from '../../words/reasons.js';
import { clone, find, setText } from '../dom.js';
import { EmbeddingStripView } from '../query/embedding-strip.js';
import { FullImageView } from '../query/full-image.js';
import { LabelFormView } from '../sets/label-form.js';
import { View } from '../view.js';

/** @extends {View<HTMLDialogElement>} */
export class LargeView extends View {
  #figures;

  /** @param {HTMLDialogElement} element */
  constructor(element) {
    super(element);
    this.#figures = ['Query', 'Gallery'].map((role) => new FigureView(role, this));
    find(element, '.large-images', HTMLElement).append(...this.#figures.map((figure) => figure.element));
    find(element, '.previous', HTMLButtonElement).addEventListener('click', () => this.emit('step', -1));
    find(element, '.next', HTMLButtonElement).addEventListener('click', () => this.emit('step', 1));
    element.addEventListener('close', () => this.#close());
    element.addEventListener('click', (event) => event.target === element && element.close());
  }

  get isOpen() {
    return this.element.open;
  }

  /**
   * @param {Shown | null} query
   * @param {Shown | null} match
   * @param {RankEntry | null} entry   how they compare
   * @param {number} total             ranked gallery images
   * @param {import('../../types.js').Unmatched | null} unmatched   why none of them can be a match
   */
  update(query, match, entry, total, unmatched) {
    this.#figures[0].update(query);
    this.#figures[1].update(match);
    this.element.dataset.match =
      entry?.isMatch === undefined || entry.isMatch === null ? 'unknown' : String(entry.isMatch);
    setText(this.element, '.large-verdict', verdict(entry, total, unmatched));
    for (const selector of ['.previous', '.next']) find(this.element, selector, HTMLElement).hidden = !entry;
    if (!this.element.open) this.element.showModal();
  }

  close() {
    this.element.close();
  }

  #close() {
    for (const figure of this.#figures) figure.update(null);
    this.emit('closed');
  }
}

/** One of the two images, with its labels. */
class FigureView {
  #role;
  #image;
  #labels;
  #strip = new EmbeddingStripView();

  /**
   * @param {string} role
   * @param {LargeView} view
   */
  constructor(role, view) {
    this.#role = role;
    this.element = clone('large-figure');
    this.#image = new FullImageView(find(this.element, 'img', HTMLImageElement));
    this.#labels = new LabelFormView(
      (id, patch) => view.emit('label', { id, patch }),
      (id) => view.emit('remove', id),
    );
    const labels = find(this.element, '.large-labels', HTMLElement);
    labels.append(this.#labels.element);
    labels.before(this.#strip.element);
  }

  /** @param {Shown | null} shown */
  update(shown) {
    this.element.hidden = shown === null;
    if (shown) this.#describe(shown.item);
    this.#image.update(shown?.item ?? null);
    this.#strip.update(shown?.embedding ?? null);
  }

  /** @param {Item} item */
  #describe(item) {
    this.element.toggleAttribute('data-imported', item.file === null);
    find(this.element, 'img', HTMLImageElement).alt = `${this.#role}, ${identityName(item.identity)}`;
    setText(this.element, '.large-role', this.#role);
    setText(this.element, '.large-path', item.path + (item.width ? `, ${item.width} × ${item.height}` : ''));
    this.#labels.update(item);
  }
}

/**
 * @param {RankEntry | null} entry
 * @param {number} total
 * @param {import('../../types.js').Unmatched | null} unmatched
 */
function verdict(entry, total, unmatched) {
  if (!entry) return '';
  if (unmatched)
    return (
      `Rank ${entry.rank} of ${total}, similarity ${fraction(entry.similarity)}, ⊘ the query is ` +
      `${UNMATCHED_WORDS[unmatched]}`
    );
  const judged = entry.isMatch === null ? '' : entry.isMatch ? ', ✓ same identity' : ', ✗ different identity';
  return `Rank ${entry.rank} of ${total}, similarity ${fraction(entry.similarity)}${judged}`;
}
