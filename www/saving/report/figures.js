// @ts-check
/** The plots of the page, as drawings that follow the report's colours. */
import { CMC_FRAME, cmcPlot } from '../../plots/cmc.js';
import { DISTRIBUTION_FRAME, distributionPlot } from '../../plots/distribution.js';
import { ROC_FRAME, rocPlot } from '../../plots/roc.js';
import { setFrame, svg } from '../../plots/svg.js';
import { textElement } from '../../views/dom.js';

/** @param {number[]} cmc */
export function cmcFigure(cmc) {
  return figure('cmc', CMC_FRAME, cmcPlot(cmc));
}

/**
 * @param {import('../../types.js').StudyResults} study
 * @param {number | null} threshold
 */
export function distributionFigure({ verification }, threshold) {
  const element = figure('distribution', DISTRIBUTION_FRAME, distributionPlot(verification, threshold));
  const legend = textElement('figcaption', '', 'legend small');
  legend.append(
    textElement('span', 'same identity', 'is-same'),
    ' ',
    textElement('span', 'different identities', 'is-different'),
  );
  if (threshold !== null) legend.append(' ', textElement('span', 'threshold', 'is-threshold'));
  element.append(legend);
  return element;
}

/** @param {import('../../types.js').StudyResults} study */
export function rocFigure({ verification }) {
  return figure('roc', ROC_FRAME, rocPlot(verification));
}

/**
 * @param {string} name      of the plot, for the style sheet
 * @param {import('../../plots/svg.js').Frame} frame
 * @param {Element[]} parts
 */
function figure(name, frame, parts) {
  const drawing = svg('svg', { xmlns: 'http://www.w3.org/2000/svg', role: 'img', class: `plot ${name}-plot` });
  setFrame(drawing, frame);
  drawing.append(...parts);
  const element = document.createElement('figure');
  element.append(drawing);
  return element;
}
