// @ts-check
/**
 * The embeddings of both sets and what follows from them: similarities, ranks, metrics. Rust speaks of rows
 * and columns, the page of item ids; here one becomes the other.
 *
 * @typedef {import('../types.js').SetName} SetName
 * @typedef {{id: number, set: SetName, identity: string | null, camera: string | null}} LabelledId
 * @typedef {{identity: string | null, camera: string | null}} Label
 */
import init, { chooseRuns, describePaths, Matcher } from '../pkg/cpu/reid_web.js';
import { serve, Transferred } from '../messages.js';

/** @type {Label} */
const UNLABELLED = { identity: null, camera: null };

/** @type {Matcher} */
let matcher;
const started = init().then(() => {
  matcher = new Matcher();
});

serve({
  /** What paths say about images. */
  async describe({ paths }) {
    await started;
    return describePaths(paths);
  },

  /** The runs of a dropped data set. */
  async runs({ labels }) {
    await started;
    return chooseRuns(labels);
  },

  async add({ set, id, embedding }) {
    await started;
    matcher.add(set, id, embedding);
  },

  async remove({ set, id }) {
    await started;
    matcher.remove(set, id);
  },

  /** Forgets all embeddings. */
  async reset() {
    await started;
    matcher.free();
    matcher = new Matcher();
  },

  /** @returns {Promise<import('../types.js').Evaluation>} */
  async evaluate({ labels, options }) {
    await started;
    const query = matcher.ids('query');
    const gallery = matcher.ids('gallery');
    const evaluation = matcher.evaluate(inOrder(labels, query, gallery), options);
    const perQuery = evaluation.perQuery.map((/** @type {any} */ { index, best, ...numbers }) => ({
      id: query[index],
      bestId: best === null ? null : gallery[best],
      ...numbers,
    }));
    return { ...evaluation, perQuery };
  },

  /** @returns {Promise<import('../types.js').RankEntry[]>} */
  async rank({ queryId, labels, options, top }) {
    await started;
    const gallery = matcher.ids('gallery');
    const ranked = matcher.rank(queryId, inOrder(labels, matcher.ids('query'), gallery), options, top);
    return ranked.map((/** @type {any} */ { index, ...entry }) => ({ id: gallery[index], ...entry }));
  },

  /** @returns the whole matrix, as SimilarityMatrix */
  async similarity() {
    await started;
    const values = matcher.similarities();
    const rows = Array.from(matcher.ids('query'));
    const columns = Array.from(matcher.ids('gallery'));
    return new Transferred({ rows, columns, values }, [values.buffer]);
  },
});

/**
 * One label for each row and each column. An image that has arrived here before the page has taken note of
 * it has none yet.
 *
 * @param {LabelledId[]} labels
 * @param {Uint32Array} query
 * @param {Uint32Array} gallery
 */
function inOrder(labels, query, gallery) {
  const byId = new Map(labels.map(({ id, identity, camera }) => [id, { identity, camera }]));
  const labelsOf = (/** @type {Uint32Array} */ ids) => Array.from(ids, (id) => byId.get(id) ?? UNLABELLED);
  return { query: labelsOf(query), gallery: labelsOf(gallery) };
}
