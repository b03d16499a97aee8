// @ts-check
/** The CMC curve as a plot, and the same values as a table. */
import { CMC_FRAME, cmcPlot } from '../../plots/cmc.js';
import { setFrame } from '../../plots/svg.js';
import { fraction, whole } from '../../words/format.js';
import { find, textElement } from '../dom.js';
import { View } from '../view.js';

/** Ranks that are listed. */
const TABLE_ROWS = 100;

export class CmcView extends View {
  #plot;
  #rows;

  /** @param {HTMLElement} element */
  constructor(element) {
    super(element);
    this.#plot = find(element, 'svg', SVGSVGElement);
    setFrame(this.#plot, CMC_FRAME);
    this.#rows = find(element, 'tbody', HTMLElement);
    this.update(null);
  }

  /** @param {import('../../types.js').Evaluation | null} evaluation */
  update(evaluation) {
    const { cmc = [], hits = [], evaluated = 0 } = evaluation ?? {};
    this.#plot.replaceChildren(...cmcPlot(cmc));
    this.#rows.replaceChildren(
      ...cmc.slice(0, TABLE_ROWS).map((share, index) => {
        const row = document.createElement('tr');
        const cells = [String(index + 1), fraction(share), `${whole(hits[index])}/${whole(evaluated)}`];
        row.append(...cells.map((text) => textElement('td', text)));
        return row;
      }),
    );
  }
}
