// @ts-check
/** Other protocols ↔ their part of the study's section. */

import { on } from '../events.js';

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireProtocols({ evaluator, protocols }, { study, protocols: view }) {
  study.on('toggle', (isOpen) => protocols.watch(isOpen));
  view.on('change', (draws) => protocols.set(draws));
  on(evaluator, 'evaluation', ({ evaluation }) => view.showEvaluation(evaluation));
  on(protocols, 'busy', (isBusy) => view.showBusy(isBusy));
  on(protocols, 'found', ({ name, found }) => view.show(name, found));
  on(protocols, 'failed', ({ name, error }) => view.showError(name, error.message));
}
