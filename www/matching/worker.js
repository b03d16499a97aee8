// @ts-check
/**
 * The embeddings of both sets and what follows from them: similarities, ranks, metrics. Rust speaks of rows
 * and columns, the page of item ids; here one becomes the other.
 *
 * @typedef {import('../types.js').SetName} SetName
 * @typedef {{identity: string | null, camera: string | null, content: string | null}} Label   content: of its file
 * @typedef {Label & {id: number}} LabelledId
 */
import { forSpreadsheets } from './csv.js';
import { serve, Transferred } from '../workers/messages.js';
import { loadPackage } from '../package.js';
import { ScoreLines } from './score-lines.js';

/** @type {Label} */
const UNLABELLED = { identity: null, camera: null, content: null };

/** @type {import('../package.js').Package} */
let reid;
/** @type {import('../pkg/gpu/reid_web.js').Matcher} */
let matcher;
/** What the page has told of its images. @type {Map<number, Label>} */
let known = new Map();
/** Which images have no embedding. @type {Record<SetName, import('../types.js').MissingImages>} */
let missing = { query: { images: 0, identities: [] }, gallery: { images: 0, identities: [] } };
/** Whether the matcher has been told, in the order of its rows and columns. */
let isTold = false;
/** The file of scores that is being written. @type {ScoreLines | null} */
let scoreLines = null;

/** Labels in one message: the page takes them up in as many steps. */
const LABELS_AT_ONCE = 1000;

serve({
  /** Loads the package; comes before all other calls. */
  async start() {
    reid = await loadPackage('cpu');
    matcher = new reid.Matcher();
  },

  /** What paths say about images, which is sent in parts. @returns the runs of a data set */
  describe({ paths }, onProgress) {
    const labels = reid.describePaths(paths);
    for (let from = 0; from < labels.length; from += LABELS_AT_ONCE) {
      onProgress({ from, some: labels.slice(from, from + LABELS_AT_ONCE) });
    }
    return reid.chooseRuns(labels.filter((/** @type {any} */ { skip }) => !skip));
  },

  /** Typed labels as all labels are read. */
  readLabel({ typed: { identity, camera } }) {
    const read = (/** @type {string | null} */ text, /** @type {(text: string) => string | undefined} */ by) => by(text ?? '') ?? null;
    return {
      ...(identity === undefined ? {} : { identity: read(identity, reid.readIdentity) }),
      ...(camera === undefined ? {} : { camera: read(camera, reid.readCamera) }),
    };
  },

  similarIdentities: ({ identity, others }) => reid.similarIdentities(identity, others),

  add({ set, id, embedding }) {
    isTold = false;
    matcher.add(set, id, embedding);
  },

  /** Those that are here already stay. */
  addAll({ images }) {
    isTold = false;
    const here = { query: new Set(matcher.ids('query')), gallery: new Set(matcher.ids('gallery')) };
    for (const { set, id, embedding } of images) if (!here[/** @type {SetName} */ (set)].has(id)) matcher.add(set, id, embedding);
  },

  /** What a file of embeddings holds. @returns as Imported, the rows in one piece as `embeddings` */
  async importEmbeddings({ file, labels }) {
    const ending = file.name.split('.').at(-1).toLowerCase();
    const bytes = async (/** @type {File} */ one) => new Uint8Array(await one.arrayBuffer());
    const found = reid.importEmbeddings(ending, await bytes(file), labels ? await bytes(labels) : undefined);
    const embeddings = found.embeddings();
    const { dim, rescaled } = found;
    const imported = { images: found.images(), embeddings, dim, rescaled, model: found.model() };
    found.free();
    return new Transferred(imported, [embeddings.buffer]);
  },

  removeAll({ images }) {
    isTold = false;
    for (const { set, id } of images) matcher.remove(set, id);
  },

  /** Forgets all embeddings. */
  reset() {
    isTold = false;
    matcher.free();
    matcher = new reid.Matcher();
  },

  /** What is known of the images, until it is told again. */
  setLabels({ labels, missing: told }) {
    isTold = false;
    missing = told;
    known = new Map(labels.map((/** @type {LabelledId} */ { id, ...label }) => [id, label]));
  },

  /** @returns {import('../types.js').Evaluation} */
  evaluate({ options }) {
    const query = matcher.ids('query');
    const gallery = matcher.ids('gallery');
    const evaluation = labelled().evaluate(options);
    const perQuery = evaluation.perQuery.map((/** @type {any} */ { index, best, ...numbers }) => ({
      id: query[index],
      bestId: best === null ? null : gallery[best],
      ...numbers,
    }));
    return { ...evaluation, perQuery };
  },

  /** All numbers by `settings`, and what refinements change. @returns {import('../types.js').Studied} */
  study({ settings }) {
    const query = matcher.ids('query');
    const gallery = matcher.ids('gallery');
    const { study, comparison } = labelled().study(settings);
    const first = (/** @type {Uint32Array} */ ids, /** @type {number[][] | null} */ members) =>
      (/** @type {number} */ index) => ids[members ? members[index][0] : index];
    const [queryId, galleryId] = [first(query, study.queryMembers), first(gallery, study.galleryMembers)];
    const perQuery = study.perQuery.map((/** @type {any} */ { index, best, ...numbers }) => ({
      id: queryId(index),
      bestId: best === null ? null : galleryId(best),
      ...numbers,
    }));
    const changed = (/** @type {any[]} */ changes) => changes.map(({ index, ...change }) => ({ id: query[index], ...change }));
    return {
      study: { ...study, perQuery },
      comparison: comparison && { ...comparison, better: changed(comparison.better), worse: changed(comparison.worse) },
    };
  },

  /** What another protocol says. @returns {import('../types.js').ProtocolNumbers} */
  protocol({ name, options, draws }) {
    const matcher = labelled();
    const protocols = {
      leaveOneOut: () => matcher.leaveOneOut(options),
      splits: () => matcher.splits(options, draws),
      singleGalleryShot: () => matcher.singleGalleryShot(options, draws),
    };
    return protocols[/** @type {import('../types.js').ProtocolName} */ (name)]();
  },

  /** A file of all embeddings, 'npy' with its 'labels' or 'mat'. @returns its bytes */
  embeddingsFile({ format, images, isForSpreadsheets }) {
    return file(matcher.embeddingsFile(format, imagesInOrder(images)), isForSpreadsheets);
  },

  npyHeader({ rows, columns }) {
    return reid.npyHeader(rows, columns);
  },

  /** An evaluation's JSON as CSV. @returns the bytes of its numbers, and of its queries */
  metricsTables({ json, isForSpreadsheets }) {
    return [reid.metricsTable(json), reid.queriesTable(json)].map((bytes) => file(bytes, isForSpreadsheets).result);
  },

  /** The first `top` ranks of every query as CSV. @returns its bytes */
  ranksFile({ images, options, top, isForSpreadsheets }) {
    return file(labelled().ranksFile(imagesInOrder(images).map(({ path }) => path), options, top), isForSpreadsheets);
  },

  /** Begins a file of scores, of these images. @returns its first line */
  beginScores({ images, isForSpreadsheets }) {
    const inOrder = imagesInOrder(images);
    const queries = matcher.ids('query').length;
    scoreLines = new ScoreLines(inOrder.slice(0, queries), inOrder.slice(queries), isForSpreadsheets);
    return scoreLines.head;
  },

  /** Goes on with it: the lines of the queries from `from` up to, not with, `to`. @returns their bytes */
  scoreLines({ from, to }) {
    if (!scoreLines?.fits(matcher.ids('query').length, matcher.ids('gallery').length)) {
      throw new Error('The images have changed while the file was written; save it again');
    }
    const bytes = new TextEncoder().encode(scoreLines.rows(from, matcher.similarities(from, to)));
    return new Transferred(bytes, [bytes.buffer]);
  },

  /** What is odd about the data set. @returns {import('../types.js').Finding[]} */
  examine({ images }) {
    const embedded = new Set([...matcher.ids('query'), ...matcher.ids('gallery')]);
    const others = images.filter((/** @type {{id: number}} */ { id }) => !embedded.has(id));
    const ids = [...embedded, ...others.map((/** @type {{id: number}} */ { id }) => id)];
    const findings = matcher.examine([...imagesInOrder(images), ...others]);
    return findings.map((/** @type {any} */ finding) => ({ ...finding, groups: finding.groups.map((/** @type {number[]} */ group) => group.map((index) => ids[index])) }));
  },

  /** What a threshold does in the latest study. @returns {import('../types.js').AtThreshold | undefined} */
  atThreshold({ threshold }) {
    return matcher.atThreshold(threshold);
  },

  /** @returns {import('../types.js').RankEntry[]} */
  rank({ queryId, options, top }) {
    const gallery = matcher.ids('gallery');
    const ranked = labelled().rank(queryId, options, top);
    return ranked.map((/** @type {any} */ { index, ...entry }) => ({ id: gallery[index], ...entry }));
  },

  /** @returns the rows from `from` up to, not with, `to`, as SimilarityMatrix */
  similarity({ from, to }) {
    const rows = Array.from(matcher.ids('query')).slice(from, to);
    const values = matcher.similarities(from, from + rows.length);
    const columns = Array.from(matcher.ids('gallery'));
    return new Transferred({ rows, columns, values }, [values.buffer]);
  },
});

/**
 * A file's bytes, or those of a CSV file that spreadsheets may open.
 * @param {Uint8Array} exact
 * @param {boolean} [isForSpreadsheets]
 */
function file(exact, isForSpreadsheets) {
  const bytes = isForSpreadsheets ? new TextEncoder().encode(forSpreadsheets(new TextDecoder().decode(exact))) : exact;
  return new Transferred(bytes, [bytes.buffer]);
}

/**
 * The matcher, with one label for each row and each column. An image that has arrived here before the page has told of
 * it has none yet.
 */
function labelled() {
  if (isTold) return matcher;
  const labelsOf = (/** @type {SetName} */ set) => Array.from(matcher.ids(set), (id) => known.get(id) ?? UNLABELLED);
  matcher.setLabels({ query: labelsOf('query'), gallery: labelsOf('gallery'), missing });
  isTold = true;
  return matcher;
}

/**
 * The images that have embeddings here: queries, then gallery.
 * @param {import('../types.js').EmbeddedImage[]} images
 */
function imagesInOrder(images) {
  const byId = new Map(images.map(({ id, ...image }) => [id, image]));
  const unknown = { path: '', set: null, identity: null, camera: null, content: null };
  return [...matcher.ids('query'), ...matcher.ids('gallery')].map((id) => byId.get(id) ?? unknown);
}
