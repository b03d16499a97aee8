// @ts-check
/** Other protocols ↔ their part of the study's section. */
import { listen } from '../session/session.js';

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireProtocols({ evaluator, protocols }, { study, protocols: view }) {
  study.on('toggle', (isOpen) => protocols.watch(isOpen));
  view.on('change', (draws) => protocols.set(draws));
  listen(evaluator, 'evaluation', ({ evaluation }) => view.showEvaluation(evaluation));
  listen(protocols, 'busy', (isBusy) => view.showBusy(isBusy));
  listen(protocols, 'found', ({ name, found }) => view.show(name, found));
  listen(protocols, 'failed', ({ name, error }) => view.showError(name, error.message));
}
