// @ts-check
/**
 * What can be saved of the images, as Blobs. Large ones are written in pieces, so that the page stays usable.
 *
 * @typedef {import('./session.js').Session} Session
 * @typedef {import('../types.js').Item} Item
 */
const PIECE_MS = 12;
/** Rows of similarities that are fetched together. */
const ROWS_AT_ONCE = 64;
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
    return embedding ? [{ path, set, identity, camera, content, embedding }] : [];
  });
  const parts = [`{"model":${JSON.stringify(await session.describeModel())},"images":[\n`];
  await inPieces(lines, (line, index) => {
    const embedding = Array.from(line.embedding, shortest);
    parts.push(`${index ? ',\n' : ''}${JSON.stringify({ ...line, embedding })}`);
  });
  parts.push('\n]}\n');
  return new Blob(parts, { type: 'application/json' });
}

/**
 * One line per pair: query, query_identity, query_camera, gallery, gallery_identity, gallery_camera, similarity.
 * @param {Session} session
 */
export async function scoresCsv({ items, matching, evaluator }) {
  const { queries, gallery } = evaluator.evaluation ?? { queries: 0, gallery: 0 };
  if (queries * gallery > MOST_LINES) {
    const most = MOST_LINES.toLocaleString('en');
    throw new Error(`${(queries * gallery).toLocaleString('en')} pairs are too many for one CSV file; at most ${most} can be saved. Similarities (.npy) holds them all`);
  }
  const cells = (/** @type {number} */ id) => {
    const item = items.get(id);
    return [item?.path, item?.identity, item?.camera].map((cell) => quoted(cell ?? '')).join(',');
  };
  const parts = ['query,query_identity,query_camera,gallery,gallery_identity,gallery_camera,similarity\n'];
  for (let from = 0; from < queries; from += ROWS_AT_ONCE) {
    const { rows, columns, values } = await matching.similarity(from, from + ROWS_AT_ONCE);
    const images = columns.map(cells);
    await inPieces(rows, (id, row) => {
      const query = cells(id);
      const line = (/** @type {string} */ image, /** @type {number} */ column) =>
        `${query},${image},${shortest(values[row * columns.length + column])}\n`;
      parts.push(images.map(line).join(''));
    });
  }
  return new Blob(parts, { type: 'text/csv' });
}

/**
 * Cosine similarities as numpy reads them: a row for each query, a column for each gallery image, both in the order
 * of the labels' file.
 * @param {Session} session
 */
export async function similaritiesNpy({ matching, evaluator }) {
  const { queries, gallery } = evaluator.evaluation ?? { queries: 0, gallery: 0 };
  /** @type {BlobPart[]} */
  const parts = [await matching.npyHeader(queries, gallery)];
  for (let from = 0; from < queries; from += ROWS_AT_ONCE) {
    const { values } = await matching.similarity(from, from + ROWS_AT_ONCE);
    parts.push(new Blob([/** @type {Float32Array<ArrayBuffer>} */ (values)])); // out of this page's memory
  }
  return new Blob(parts);
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
 */
export async function labelsCsv(session) {
  return new Blob([await session.matching.embeddingsFile('labels', embeddedImages(session))], { type: 'text/csv' });
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
 */
export async function ranksCsv(session) {
  await session.evaluator.share();
  return new Blob([await session.matching.ranksFile(embeddedImages(session), session.evaluator.options, MOST_RANKS)], { type: 'text/csv' });
}

/** @param {Session} session */
function embeddedImages({ items }) {
  const done = items.all().filter(({ status }) => status === 'done');
  return done.map(({ id, path, set, identity, camera, content }) => ({ id, path, set, identity, camera, content }));
}

/**
 * @template T
 * @param {T[]} list
 * @param {(one: T, index: number) => void} handle
 */
async function inPieces(list, handle) {
  let start = performance.now();
  for (const [index, one] of list.entries()) {
    handle(one, index);
    if (performance.now() - start < PIECE_MS) continue;
    await new Promise((resolve) => setTimeout(resolve));
    start = performance.now();
  }
}

/** @param {number} value  an f32: nine digits bring back exactly the same one */
function shortest(value) {
  return Number(value.toPrecision(9));
}

/** @param {string} cell */
function quoted(cell) {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
