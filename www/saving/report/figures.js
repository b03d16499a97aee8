// @ts-check
/** The plots of the page, as drawings that follow the report's colours. */
import { cmcPlot } from '../../views/results/cmc.js';
import { distributionPlot } from '../../plots/distribution.js';
import { textElement } from '../../views/dom.js';
import { rocPlot } from '../../plots/roc.js';
import { svg } from '../../plots/svg.js';

/** @param {number[]} cmc */
export function cmcFigure(cmc) {
  return figure('cmc', cmcPlot(cmc));
}

/**
 * @param {import('../../types.js').StudyNumbers} study
 * @param {number | null} threshold
 */
export function distributionFigure({ verification }, threshold) {
  const element = figure('distribution', distributionPlot(verification, threshold));
  const legend = textElement('figcaption', '', 'legend small');
  legend.append(textElement('span', 'same identity', 'is-right'), ' ', textElement('span', 'different identities', 'is-wrong'));
  if (threshold !== null) legend.append(' ', textElement('span', 'threshold', 'is-threshold'));
  element.append(legend);
  return element;
}

/** @param {import('../../types.js').StudyNumbers} study */
export function rocFigure({ verification }) {
  return figure('roc', rocPlot(verification));
}

/**
 * @param {string} name      of the plot on the page, whose size and words it takes
 * @param {Element[]} parts
 */
function figure(name, parts) {
  const onPage = document.querySelector(`.${name}-plot`);
  const drawing = svg('svg', {
    xmlns: 'http://www.w3.org/2000/svg', role: 'img', class: `plot ${name}-plot`,
    viewBox: onPage?.getAttribute('viewBox') ?? '', 'aria-label': onPage?.getAttribute('aria-label') ?? '',
  });
  drawing.append(...parts);
  const element = document.createElement('figure');
  element.append(drawing);
  return element;
}
