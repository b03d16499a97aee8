// @ts-check
/**
 * The embeddings of both sets and what follows from them: similarities, ranks, metrics. Rust counts rows
 * and columns, the page knows item ids; this translates between them.
 *
 * @typedef {import('../types.js').EmbeddedImage} EmbeddedImage
 * @typedef {import('../types.js').EvaluationOptions} EvaluationOptions
 * @typedef {import('../types.js').Imported} Imported
 * @typedef {import('../types.js').PathLabel} PathLabel
 * @typedef {import('../types.js').ProtocolDraws} ProtocolDraws
 * @typedef {import('../types.js').RunPair} RunPair
 * @typedef {import('../types.js').SetName} SetName
 * @typedef {import('../types.js').TypedLabel} TypedLabel
 * @typedef {Uint8Array<ArrayBuffer>} Bytes   of a file
 * @typedef {{set: SetName, id: number, embedding: Float32Array}} Embedded
 * @typedef {import('./labelled-matcher.js').LabelledId} LabelledId
 *
 * @typedef {object} SavedFrom
 * @property {import('../types.js').StudySettings} settings
 * @property {EmbeddedImage[]} images
 * @property {{model: object | null, device: object | null, protocols: object | null}} origin
 */
import { loadPackage } from '../package.js';
import { serve, Transferred } from '../workers/messages.js';
import { forSpreadsheets } from './csv.js';
import { LabelledMatcher, sidesOf } from './labelled-matcher.js';
import { ScoreLines } from './score-lines.js';

/** @type {import('../package.js').Package} */
let reid;
/** @type {LabelledMatcher} */
let matcher;
/** The file of scores that is being written. @type {ScoreLines | null} */
let scoreLines = null;

/** Labels in one message: the page takes them up in as many steps. */
const LABELS_AT_ONCE = 1000;

/** What the page can ask for. */
const actions = {
  /** Loads the package; comes before all other calls. */
  async start() {
    reid = await loadPackage('cpu');
    matcher = new LabelledMatcher(reid);
  },

  /**
   * What paths say about images, which is sent in parts.
   *
   * @param {{paths: string[]}} args
   * @param {(part: {from: number, some: PathLabel[]}) => void} onProgress
   * @returns {RunPair[]}  the runs of a data set
   */
  describe({ paths }, onProgress) {
    const labels = /** @type {PathLabel[]} */ (reid.describePaths(paths));
    for (let from = 0; from < labels.length; from += LABELS_AT_ONCE) {
      onProgress({ from, some: labels.slice(from, from + LABELS_AT_ONCE) });
    }
    return reid.chooseRuns(labels.filter(({ skip }) => !skip));
  },

  /**
   * Typed labels as all labels are read.
   *
   * @param {{typed: TypedLabel}} args
   * @returns {TypedLabel}  of what was typed
   */
  readLabel({ typed: { identity, camera } }) {
    return {
      ...(identity === undefined ? {} : { identity: reid.readIdentity(identity ?? '') ?? null }),
      ...(camera === undefined ? {} : { camera: reid.readCamera(camera ?? '') ?? null }),
    };
  },

  /** @param {{identity: string, others: string[]}} args */
  similarIdentities: ({ identity, others }) => reid.similarIdentities(identity, others),

  /** @param {Embedded} args */
  add({ set, id, embedding }) {
    matcher.add(set, id, embedding);
  },

  /** Adds images; those that are here already stay. @param {{images: Embedded[]}} args */
  addAll({ images }) {
    const here = { query: new Set(matcher.ids('query')), gallery: new Set(matcher.ids('gallery')) };
    for (const { set, id, embedding } of images) {
      if (sidesOf(set).every((side) => !here[side].has(id))) matcher.add(set, id, embedding);
    }
  },

  /**
   * The contents of a file of embeddings, its rows in one piece.
   * @param {{file: File, labels: File | null}} args
   * @returns {Promise<Transferred<Omit<Imported, 'rows'> & {embeddings: Float32Array}>>}
   */
  async importEmbeddings({ file, labels }) {
    const ending = (file.name.split('.').at(-1) ?? '').toLowerCase();
    const bytes = async (/** @type {File} */ one) => new Uint8Array(await one.arrayBuffer());
    const found = reid.importEmbeddings(ending, await bytes(file), labels ? await bytes(labels) : undefined);
    const embeddings = found.embeddings();
    const { dim, rescaled } = found;
    const imported = { images: found.images(), embeddings, dim, rescaled, model: found.model() };
    found.free();
    return new Transferred(imported, [embeddings.buffer]);
  },

  /** @param {{images: {set: SetName, id: number}[]}} args */
  removeAll({ images }) {
    for (const { set, id } of images) matcher.remove(set, id);
  },

  /** Forgets all embeddings. */
  reset() {
    matcher.reset();
  },

  /**
   * Takes what is known of the images; it applies until it is set again.
   * @param {{labels: LabelledId[], missing: import('./labelled-matcher.js').Missing}} args
   */
  setLabels({ labels, missing }) {
    matcher.setLabels(labels, missing);
  },

  /**
   * @param {{options: EvaluationOptions}} args
   * @returns {import('../types.js').Evaluation}
   */
  evaluate({ options }) {
    return matcher.labelled.evaluate(options);
  },

  /**
   * Every metric by `settings`, and what refinements change.
   *
   * @param {{settings: import('../types.js').StudySettings}} args
   * @returns {import('../types.js').Studied}
   */
  study({ settings }) {
    return matcher.labelled.study(settings);
  },

  /**
   * What another protocol says.
   *
   * @param {{name: import('../types.js').ProtocolName, options: EvaluationOptions, draws: ProtocolDraws}} args
   * @returns {import('../types.js').ProtocolResults}
   */
  protocol({ name, options, draws }) {
    const { labelled } = matcher;
    const protocols = {
      leaveOneOut: () => labelled.leaveOneOut(options),
      splits: () => labelled.splits(options, draws),
      singleGalleryShot: () => labelled.singleGalleryShot(options, draws),
    };
    return protocols[name]();
  },

  /**
   * A file of all embeddings: 'npy' with its 'labels', or 'mat'.
   * @param {{format: 'npy' | 'labels' | 'mat', images: EmbeddedImage[], isForSpreadsheets: boolean}} args
   */
  embeddingsFile({ format, images, isForSpreadsheets }) {
    const pool = inSides(matcher.pool(images));
    return file(matcher.plain.embeddingsFile(format, pool), isForSpreadsheets);
  },

  /**
   * What `numpy.save` begins a float32 matrix with.
   *
   * @param {{rows: number, columns: number}} args
   * @returns {Bytes}
   */
  npyHeader({ rows, columns }) {
    return /** @type {Bytes} */ (reid.npyHeader(rows, columns));
  },

  /** Every metric as it is saved, as JSON. @param {SavedFrom} args */
  metricsJson: (args) => savedStudy(args, (saved) => saved.json()),

  /**
   * Every metric as it is saved: the CSV of the metrics and of the queries.
   * @param {SavedFrom & {isForSpreadsheets: boolean}} args
   */
  metricsTables: ({ isForSpreadsheets, ...args }) =>
    savedStudy(args, (saved) =>
      [saved.metrics(), saved.queries()].map((bytes) => file(bytes, isForSpreadsheets).result),
    ),

  /** Images, identities, cameras and fingerprint of both sets. */
  dataFacts: () => matcher.labelled.dataFacts(),

  /**
   * The first `top` ranks of every query as CSV.
   * @param {{images: EmbeddedImage[], options: EvaluationOptions, top: number, isForSpreadsheets: boolean}} args
   */
  ranksFile({ images, options, top, isForSpreadsheets }) {
    return file(matcher.labelled.ranksFile(matcher.pathsInOrder(images), options, top), isForSpreadsheets);
  },

  /**
   * Begins a file of scores, of these images.
   * @param {{images: EmbeddedImage[], isForSpreadsheets: boolean}} args
   * @returns {string}  its first line
   */
  beginScores({ images, isForSpreadsheets }) {
    const inOrder = matcher.inOrder(images);
    const queries = matcher.ids('query').length;
    scoreLines = new ScoreLines(inOrder.slice(0, queries), inOrder.slice(queries), isForSpreadsheets);
    return scoreLines.head;
  },

  /**
   * The next lines of that file: those of the queries from `from` up to, but not including, `to`.
   * @param {{from: number, to: number}} args
   */
  scoreLines({ from, to }) {
    if (!scoreLines?.fits(matcher.ids('query').length, matcher.ids('gallery').length)) {
      throw new Error('The images have changed while the file was being written; save it again');
    }
    const bytes = new TextEncoder().encode(scoreLines.rows(from, matcher.plain.similarities(from, to)));
    return new Transferred(bytes, [bytes.buffer]);
  },

  /**
   * Checks the data set.
   *
   * @param {{images: EmbeddedImage[]}} args  with or without an embedding
   * @returns {import('../types.js').Finding[]}
   */
  examine({ images }) {
    const embedded = new Set(matcher.poolIds());
    const others = images.filter(({ id }) => !embedded.has(id));
    const ids = [...embedded, ...others.map(({ id }) => id)];
    /** @type {import('../types.js').Finding[]} of indices */
    const findings = matcher.plain.examine(inSides([...matcher.pool(images), ...others]));
    const named = (/** @type {number[][]} */ groups) => groups.map((group) => group.map((index) => ids[index]));
    return findings.map((finding) => ({ ...finding, groups: named(finding.groups) }));
  },

  /**
   * What a threshold does in the latest study.
   * @param {{threshold: number}} args
   * @returns {import('../types.js').AtThreshold | undefined}
   */
  atThreshold({ threshold }) {
    return matcher.plain.atThreshold(threshold);
  },

  /**
   * @param {{queryId: number, options: EvaluationOptions, top: number}} args
   * @returns {import('../types.js').RankEntry[]}
   */
  rank({ queryId, options, top }) {
    return matcher.labelled.rank(queryId, options, top);
  },

  /**
   * The rows of the matrix from `from` up to, but not including, `to`.
   * @param {{from: number, to: number}} args
   */
  similarity({ from, to }) {
    const rows = Array.from(matcher.ids('query')).slice(from, to);
    const values = matcher.plain.similarities(from, from + rows.length);
    const columns = Array.from(matcher.ids('gallery'));
    return new Transferred({ rows, columns, values }, [values.buffer]);
  },
};
serve(actions);

/** @typedef {typeof actions} MatchingActions */

/**
 * Images as Rust knows them: those of a collection have no set.
 *
 * @template {{set: SetName | null}} T
 * @param {T[]} images
 */
function inSides(images) {
  return images.map((image) => (image.set === 'collection' ? { ...image, set: null } : image));
}

/**
 * What `read` takes of a study as it is saved.
 *
 * @template T
 * @param {SavedFrom} args
 * @param {(saved: ReturnType<import('../pkg/gpu/reid_web.js').Matcher['savedStudy']>) => T} read
 * @returns {T}
 */
function savedStudy({ settings, images, origin }, read) {
  const saved = matcher.labelled.savedStudy(settings, matcher.pathsInOrder(images), origin);
  try {
    return read(saved);
  } finally {
    saved.free();
  }
}

/**
 * A file's bytes, or those of a CSV file that spreadsheets may open.
 *
 * @param {Uint8Array} exact
 * @param {boolean} isForSpreadsheets
 * @returns {Transferred<Bytes>}
 */
function file(exact, isForSpreadsheets) {
  const bytes = isForSpreadsheets
    ? new TextEncoder().encode(forSpreadsheets(new TextDecoder().decode(exact)))
    : /** @type {Bytes} */ (exact);
  return new Transferred(bytes, [bytes.buffer]);
}
