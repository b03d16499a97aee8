// @ts-check
/**
 * Images, embeddings, ranks and similarities as files. Large ones are written in pieces, so that the page stays usable.
 *
 * @typedef {import('../session/session.js').Session} Session
 * @typedef {import('../types.js').Item} Item
 * @typedef {AsyncGenerator<{part: BlobPart, share: number}>} Parts   of a file,
 *   and the share of it that is written with each
 */
import { Slices } from '../scheduling/slices.js';
import { whole } from '../words/format.js';
import { describeModel } from './model.js';

/** Pairs that are requested together. */
const PAIRS_AT_ONCE = 20_000;
/** Ranks of each query in a file. */
const MOST_RANKS = 100;
/** Lines of a CSV file: about 1 GB. */
const MOST_LINES = 10_000_000;

/**
 * `{model, images: [{path, set, identity, camera, content, embedding}]}`, content the SHA-256 of the file.
 * @param {Session} session
 */
export async function embeddingsJson(session) {
  const { items, embedder } = session;
  const lines = items.all().flatMap(({ id, path, set, identity, camera, content }) => {
    const embedding = embedder.embeddings.get(id);
    // A collection is no set of a file.
    const side = set === 'collection' ? null : set;
    return embedding ? [{ path, set: side, identity, camera, content, embedding }] : [];
  });
  const parts = [`{"model":${JSON.stringify(await describeModel(session))},"images":[\n`];
  await new Slices().each(lines, (line, index) => {
    const embedding = Array.from(line.embedding, shortest);
    parts.push(`${index ? ',\n' : ''}${JSON.stringify({ ...line, embedding })}`);
  });
  parts.push('\n]}\n');
  return new Blob(parts, { type: 'application/json' });
}

/** How many pairs there are. @param {Session} session */
export function pairs({ evaluator }) {
  const { queries, gallery } = evaluator.evaluation ?? { queries: 0, gallery: 0 };
  return queries * gallery;
}

/**
 * One line per pair: query, query_identity, query_camera, gallery, gallery_identity, gallery_camera, similarity.
 * Written by the worker, as many lines as fit into a message.
 *
 * @param {Session} session
 * @param {boolean} isForSpreadsheets
 * @returns {Parts}
 */
export async function* scoresCsv(session, isForSpreadsheets) {
  const { matching, evaluator } = session;
  const lines = pairs(session);
  if (lines > MOST_LINES) {
    throw new Error(
      `${whole(lines)} pairs are too many for one CSV file, which can hold ${whole(MOST_LINES)}. Save ` +
        'Similarities (.npy) instead',
    );
  }
  const { queries, gallery } = evaluator.evaluation ?? { queries: 0, gallery: 0 };
  yield { part: await matching.beginScores(embeddedImages(session), isForSpreadsheets), share: 0 };
  for (const [from, to] of blocks(queries, gallery))
    yield { part: await matching.scoreLines(from, to), share: to / queries };
}

/**
 * Cosine similarities as numpy reads them: a row for each query, a column for each gallery image, both in the order
 * of the labels' file.
 *
 * @param {Session} session
 * @returns {Parts}
 */
export async function* similaritiesNpy({ matching, evaluator }) {
  const { queries, gallery } = evaluator.evaluation ?? { queries: 0, gallery: 0 };
  yield { part: await matching.npyHeader(queries, gallery), share: 0 };
  for (const [from, to] of blocks(queries, gallery)) {
    const { values } = await matching.similarity(from, to);
    yield { part: /** @type {Float32Array<ArrayBuffer>} */ (values), share: to / queries };
  }
}

/**
 * Rows that are requested together: the first, and the one after the last.
 * @param {number} rows
 * @param {number} columns
 */
function* blocks(rows, columns) {
  const atOnce = Math.max(1, Math.floor(PAIRS_AT_ONCE / Math.max(1, columns)));
  for (let from = 0; from < rows; from += atOnce) yield [from, Math.min(rows, from + atOnce)];
}

/**
 * Embeddings as numpy reads them, rows as in the labels' file.
 * @param {Session} session
 */
export async function embeddingsNpy(session) {
  return new Blob([await session.matching.embeddingsFile('npy', embeddedImages(session))]);
}

/**
 * path, set, identity, camera and content of each row of the .npy file.
 * @param {Session} session
 * @param {boolean} isForSpreadsheets
 */
export async function labelsCsv(session, isForSpreadsheets) {
  return new Blob([await session.matching.embeddingsFile('labels', embeddedImages(session), isForSpreadsheets)], {
    type: 'text/csv',
  });
}

/**
 * Embeddings as CLIP-HandID saves them, for MATLAB and scipy.
 * @param {Session} session
 */
export async function embeddingsMat(session) {
  return new Blob([await session.matching.embeddingsFile('mat', embeddedImages(session))]);
}

/**
 * One line per rank: query, rank, gallery, similarity, is_match.
 * @param {Session} session
 * @param {boolean} isForSpreadsheets
 */
export async function ranksCsv(session, isForSpreadsheets) {
  await session.evaluator.share();
  const { matching, evaluator } = session;
  return new Blob(
    [await matching.ranksFile(embeddedImages(session), evaluator.options, MOST_RANKS, isForSpreadsheets)],
    { type: 'text/csv' },
  );
}

/** @param {Session} session */
export function embeddedImages({ items }) {
  const done = items.all().filter(({ status }) => status === 'done');
  return done.map(({ id, path, set, identity, camera, content }) => ({ id, path, set, identity, camera, content }));
}

/** @param {number} value  an f32: nine digits restore exactly the same value */
function shortest(value) {
  return Number(value.toPrecision(9));
}
