// @ts-check
/**
 * What a report shows: the study as the page shows it, what it was made from, and the queries that did worst.
 *
 * @typedef {import('../../types.js').Item} Item
 * @typedef {import('../../types.js').QueryResult} QueryResult
 * @typedef {QueryResult & {query: Item | undefined, best: Item | undefined}} WorstQuery
 *
 * @typedef {object} ReportFacts
 * @property {Date} made
 * @property {Partial<import('../../model-types.js').ModelInfo> | null} model    null: nothing is known of it
 * @property {import('../../model-types.js').DeviceInfo | null} device   null for imported embeddings
 * @property {string[]} files        that the embeddings came from; [] if they were made here
 * @property {number} dimensions     of an embedding
 * @property {{images: number, identities: number, cameras: number, content: string | null}[]} sets   query, gallery
 * @property {import('../../types.js').Finding[]} findings
 * @property {import('../../types.js').Studied} studied
 * @property {import('../../types.js').FoundProtocols | null} protocols
 * @property {(import('../../types.js').AtThreshold & {threshold: number}) | null} threshold
 * @property {WorstQuery[]} worst   those with an AP below 1, the lowest first
 * @property {(id: number) => string} pathOf
 */
import { describeModel } from '../model.js';

/**
 * @param {import('../../session/session.js').Session} session
 * @returns {Promise<ReportFacts>}
 */
export async function reportFacts(session) {
  const { items, embedder, matching, studies, protocols, model } = session;
  const done = items.all().filter(({ status }) => status === 'done');
  const studied = await studies.make();
  const threshold = studied.study.threshold?.threshold ?? null;
  const found = threshold === null ? undefined : await matching.atThreshold(threshold);
  const { query, gallery } = await matching.dataFacts();
  return {
    made: new Date(),
    model: await describeModel(session),
    device: items.areImported ? null : model.device,
    files: [...new Set(done.flatMap(({ origin }) => origin?.file ?? []))],
    dimensions: embedder.embeddings.get(done[0]?.id)?.length ?? 0,
    sets: [query, gallery],
    findings: await studies.examine(),
    studied,
    protocols: protocols.found,
    threshold: threshold !== null && found ? { threshold, ...found } : null,
    pathOf: (id) => items.get(id)?.path ?? String(id),
    worst: worst(studied.study.perQuery).map((result) => ({
      ...result,
      query: items.get(result.id),
      best: items.get(result.bestId ?? -1),
    })),
  };
}

/** @param {QueryResult[]} results */
function worst(results) {
  const imperfect = results.filter(({ averagePrecision }) => averagePrecision !== null && averagePrecision < 1);
  const precision = (/** @type {QueryResult} */ { averagePrecision }) => averagePrecision ?? 0;
  const rank = (/** @type {QueryResult} */ { firstMatchRank }) => firstMatchRank ?? Infinity;
  return imperfect.toSorted((a, b) => precision(a) - precision(b) || rank(b) - rank(a));
}
