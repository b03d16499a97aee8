// @ts-check
/** The evaluation → metrics, curve, options and files to save. */
import { listen } from '../session/session.js';
import { report } from '../report/report.js';
import { reportFacts } from '../session/report-facts.js';
import { embeddingsJson, embeddingsMat, embeddingsNpy, labelsCsv, metricsJson, ranksCsv, scoresCsv } from '../session/exports.js';

/** @type {Record<string, {make: (session: import('../session/session.js').Session) => Promise<Blob>, name: string}[]>} */
const FILES = {
  embeddings: [{ make: embeddingsJson, name: 'embeddings.json' }],
  npy: [{ make: embeddingsNpy, name: 'embeddings.npy' }, { make: labelsCsv, name: 'embeddings.csv' }],
  mat: [{ make: embeddingsMat, name: 'embeddings.mat' }],
  scores: [{ make: scoresCsv, name: 'scores.csv' }],
  ranks: [{ make: ranksCsv, name: 'ranks.csv' }],
  metrics: [{ make: metricsJson, name: 'metrics.json' }],
  report: [{ make: async (session) => new Blob([report(await reportFacts(session))], { type: 'text/html' }), name: 'report.html' }],
};

/**
 * @param {import('../session/session.js').Session} session
 * @param {import('../views/all.js').Views} views
 */
export function wireNumbers(session, views) {
  const { evaluator, items } = session;

  /** @param {import('../types.js').Evaluation | null} evaluation */
  const show = (evaluation) => {
    const cameras = new Set(items.all().map(({ camera }) => camera).filter((camera) => camera !== null)).size;
    views.metrics.update(evaluation);
    views.options.update(evaluation, evaluator.options, cameras);
    views.cmc.update(evaluation);
    views.exports.update(evaluation);
  };
  show(null);
  listen(evaluator, 'busy', (isBusy) => views.metrics.showBusy(isBusy));
  listen(evaluator, 'evaluation', ({ evaluation }) => show(evaluation));
  views.options.on('change', (patch) => session.setOptions(patch));
  views.plotFiles.on('save', ({ blob, name }) => views.exports.save(blob, name));
  views.exports.on('save', async (/** @type {string} */ what) => {
    try {
      for (const { make, name } of FILES[what]) views.exports.save(await make(session), name);
    } catch (error) {
      session.report(error);
    }
  });
}
