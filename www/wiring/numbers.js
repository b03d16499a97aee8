// @ts-check
/** The evaluation → metrics, curve, options and files to save. */
import { listen } from '../session/session.js';
import { report } from '../report/report.js';
import { reportFacts } from '../session/report-facts.js';
import { embeddingsJson, embeddingsMat, embeddingsNpy, labelsCsv, ranksCsv, scoresCsv, similaritiesNpy } from '../session/exports.js';
import { metricsJson, metricsTables } from '../session/metrics-files.js';

/**
 * @typedef {import('../session/session.js').Session} Session
 * @typedef {(session: Session) => Promise<Blob>} Make
 */

/** What a button saves. @type {Record<string, {names: string[], make: (session: Session) => Promise<Blob[]>}>} */
const FILES = {
  report: { names: ['report.html'], make: each(reportHtml) },
  metrics: { names: ['metrics.json'], make: each(metricsJson) },
  tables: { names: ['metrics.csv', 'metrics.queries.csv'], make: metricsTables },
  ranks: { names: ['ranks.csv'], make: each(ranksCsv) },
  scores: { names: ['scores.csv'], make: each(scoresCsv) },
  similarities: { names: ['similarities.npy', 'similarities.csv'], make: each(similaritiesNpy, labelsCsv) },
  embeddings: { names: ['embeddings.json'], make: each(embeddingsJson) },
  npy: { names: ['embeddings.npy', 'embeddings.csv'], make: each(embeddingsNpy, labelsCsv) },
  mat: { names: ['embeddings.mat'], make: each(embeddingsMat) },
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
  views.metrics.on('count-same-camera', () => session.setOptions({ removeSameCamera: false }));
  views.plotFiles.on('save', ({ blob, name }) => views.exports.save(blob, name));
  views.exports.on('save', async (/** @type {string} */ what) => {
    try {
      const { names, make } = FILES[what];
      for (const [at, blob] of (await make(session)).entries()) views.exports.save(blob, names[at]);
    } catch (error) {
      session.report(error);
    }
  });
}

/** @param {Make[]} makes  one for each file */
function each(...makes) {
  return (/** @type {Session} */ session) => Promise.all(makes.map((make) => make(session)));
}

/** @param {Session} session */
async function reportHtml(session) {
  return new Blob([report(await reportFacts(session))], { type: 'text/html' });
}
