// @ts-check
/** Thresholds, verification and refinements ↔ their section. */

import { on } from '../events.js';

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireStudy(session, { study, findings, refinements, threshold, chosen, exports }) {
  const { studies, items, selection } = session;
  const itemOf = (/** @type {number} */ id) => items.get(id);

  study.on('toggle', (isOpen) => studies.watch(isOpen));
  const showQuery = (/** @type {number} */ id) => {
    selection.choose(id);
    chosen.element.scrollIntoView({ block: 'nearest' });
  };
  study.on('query', showQuery);
  findings.on('query', showQuery);
  refinements.on('change', (refinements) => studies.set({ refinements }));
  threshold.on('target', (target) => studies.set({ target }));
  threshold.on('try', (value) => studies.try(value).catch((error) => session.report(error)));

  on(studies, 'busy', (isBusy) => study.showBusy(isBusy));
  on(studies, 'findings', (found) => findings.update(found, items.all().length, itemOf));
  on(studies, 'failed', (error) => study.showError(error.message));
  on(studies, 'found', (studied) => {
    study.update(studied, itemOf);
    exports.showRefined(Boolean(studied?.comparison));
    threshold.update(studied?.study ?? null);
    const best = studied?.study.threshold;
    if (best?.threshold === null) threshold.showNone();
    else if (best) studies.try(best.threshold).catch((error) => session.report(error));
  });
  on(studies, 'threshold', (found) => threshold.showRates(found));
}
