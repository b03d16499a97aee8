// @ts-check
/** The evaluation → metrics, curve, options and files to save. */
import { on } from '../events.js';
import { plotFile } from '../saving/plots.js';

/** Of a collection; with fewer there is nothing to be right or wrong about. */
const MIN_LABELLED = 2;

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireResults(session, views) {
  const { evaluator, items } = session;

  /** @param {import('../types.js').Evaluation | null} evaluation */
  const show = (evaluation) => {
    const cameras = new Set(
      items
        .all()
        .map(({ camera }) => camera)
        .filter((camera) => camera !== null),
    ).size;
    const isUnnamed = items.counts.collection > 0 && (evaluation?.labelled ?? 0) < MIN_LABELLED;
    document.body.toggleAttribute('data-unnamed', isUnnamed);
    views.metrics.update(evaluation, isUnnamed);
    views.options.update(evaluation, evaluator.options, cameras);
    views.cmc.update(evaluation);
    views.exports.update(evaluation);
  };
  show(null);
  on(evaluator, 'busy', (isBusy) => views.metrics.showBusy(isBusy));
  on(evaluator, 'evaluation', ({ evaluation }) => show(evaluation));
  views.options.on('change', (patch) => evaluator.setOptions(patch));
  views.metrics.on('count-same-camera', () => evaluator.setOptions({ removeSameCamera: false }));
  views.plotFiles.on(
    'save',
    async (/** @type {{plot: SVGSVGElement, name: string, format: string}} */ { plot, name, format }) => {
      const blob = await plotFile(plot, format);
      if (blob) views.exports.save(blob, name);
    },
  );
  wireExports(session, views);
}

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
function wireExports(session, { exports }) {
  const { saving } = session;
  const save = (/** @type {Blob} */ blob, /** @type {string} */ name) => exports.save(blob, name);
  exports.on('save', ({ what, isForSpreadsheets }) => {
    saving.save(what, isForSpreadsheets, save).catch((error) => session.report(error));
  });
  on(saving, 'progress', (progress) => exports.showProgress(progress));
  exports.on('cancel', () => saving.cancel());
}
