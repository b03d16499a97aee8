// @ts-check
/**
 * The metrics of an evaluation with everything they depend on, as files. The command line writes the same.
 *
 * @typedef {import('../session/session.js').Session} Session
 */
import { describeModel } from './model.js';
import { setFacts } from './report/report-facts.js';

/** @param {Session} session */
export async function metricsJson(session) {
  return new Blob([`${JSON.stringify(await metrics(session), null, 1)}\n`], { type: 'application/json' });
}

/**
 * Name and value of each metric; one line per query.
 * @param {Session} session
 * @param {boolean} isForSpreadsheets
 */
export async function metricsTables(session, isForSpreadsheets) {
  const tables = await session.matching.metricsTables(JSON.stringify(await metrics(session)), isForSpreadsheets);
  return tables.map((table) => new Blob([table], { type: 'text/csv' }));
}

/**
 * The study with its settings, queries by path, and the protocols that are shown.
 * @param {Session} session
 */
async function metrics(session) {
  const { items, studies, protocols, model } = session;
  const { study, comparison } = await studies.make();
  const pathOf = (/** @type {number | null} */ id) => (id !== null && items.get(id)?.path) || null;
  const perQuery = study.perQuery.map(({ id, bestId, ...others }) => ({
    query: pathOf(id),
    best: pathOf(bestId),
    ...others,
  }));
  const changes = (/** @type {import('../types.js').Change[]} */ list) =>
    list.map(({ id, ...change }) => ({ query: pathOf(id), ...change }));
  const compared = comparison && {
    ...comparison,
    better: changes(comparison.better),
    worse: changes(comparison.worse),
  };
  const done = items.all().filter(({ status }) => status === 'done');
  const [query, gallery] = await Promise.all(
    ['query', 'gallery'].map((set) => setFacts(done.filter((item) => item.set === set))),
  );
  const origin = {
    model: await describeModel(session),
    device: items.areImported ? null : model.device,
    data: { query, gallery },
  };
  const { found } = protocols;
  return { ...origin, ...study, perQuery, comparison: compared, ...(found && { protocols: found }) };
}
