// @ts-check
/**
 * What runs in the browser: one measurement a page, each entrant in the same way.
 *
 * @typedef {{name: string, url: string, side: number, pixelCount: number, embedDim: number}} Model
 * @typedef {{device: 'cpu' | 'webgpu', threads: number, dtype: 'fp32' | 'q8'}} Setting
 * @typedef {{entrant: string, model: string, setting: Setting, budgetMs: number, photos: number}} Job
 */
import { findAdapter } from '/www/encoder/adapter.js';
import { loadPackage } from '/www/package.js';

const BATCH = 8;
/** Timed runs of each batch size, if there is time for them, and how long they go on at least. */
const RUNS = 7;
const LEAST_MS = 1000;
/** How long the peak is looked for, and products between two looks at the clock: some milliseconds. */
const PEAK_MS = 1500;
const PRODUCTS = 5000;

/**
 * The encoder alone: every entrant gets the same pixels, those that transformers made.
 *
 * @param {Job} job
 */
export async function encoder({ entrant, model: name, setting, budgetMs }) {
  const model = await describe(name);
  const [pixels, expected] = await Promise.all(
    ['pixels.f32', 'embeddings.f32'].map((file) => numbers(`${model.url}/${file}`)),
  );
  const { load } = await import(`./entrants/${entrant}.js`);
  // From the first request for code to an encoder that takes images; the server is local for all.
  const {
    time: loadMs,
    value: { embed, workers },
  } = await timed(() => load(model, setting));
  const one = pixels.slice(0, model.pixelCount);
  const { time: firstMs, value: first } = await timed(() => embed(one));
  // The first run is reported on its own and is the only warm-up of batch 1; batch 8 has one of its own.
  const batch1 = await repeated(() => embed(one), budgetMs);
  const hasTime = firstMs * BATCH < budgetMs;
  const embeddings = hasTime ? await embed(pixels) : first;
  const batch8 = hasTime ? await repeated(() => embed(pixels), budgetMs) : null;
  return {
    loadMs,
    firstMs,
    batch1Ms: batch1,
    batch8Ms: batch8 && batch8 / BATCH,
    workers,
    ...difference(embeddings, expected, model.embedDim),
    compared: embeddings.length / model.embedDim,
  };
}

/**
 * Photos end to end: decode, resize, encode, each entrant in its own way.
 *
 * @param {Job} job
 */
export async function folder({ entrant, model: name, setting, photos: count }) {
  const model = await describe(name);
  const expected = await numbers(`${model.url}/embeddings.f32`);
  // The files are in memory before the clock starts: nobody's disk or network is measured.
  const photos = await Promise.all(
    Array.from({ length: count }, async (_, index) =>
      (await fetch(`/made/photos/${String(index).padStart(2, '0')}.jpg`)).blob(),
    ),
  );
  const { openFolder } = await import(`./entrants/${entrant}.js`);
  const { embedAll } = await openFolder(model, setting);
  // One photo warms up.
  await embedAll(photos.slice(0, 1));
  const { time, value } = await timed(() => embedAll(photos));
  const known = value
    .slice(0, expected.length / model.embedDim)
    .flatMap((/** @type {Float32Array} */ embedding) => [...embedding]);
  return { photosPerSecond: (count * 1000) / time, ...difference(known, expected, model.embedDim) };
}

/** GFLOP/s of products in the cache on one thread, by our own package: the best of many short rounds. */
export async function peak() {
  const reid = await loadPackage('cpu');
  let best = 0;
  for (const begin = performance.now(); performance.now() - begin < PEAK_MS; ) {
    const start = performance.now();
    const operations = reid.productsInCache(PRODUCTS);
    best = Math.max(best, operations / (performance.now() - start) / 1e6);
  }
  return best;
}

/**
 * Made-up embeddings in the page's worker that ranks, and how long the metrics take.
 *
 * @param {{queries: number, gallery: number, dim: number, evaluate: boolean, study: boolean}} job
 */
export async function ranking({ queries, gallery, dim, evaluate, study }) {
  const { MatchingClient } = await import('/www/matching/client.js');
  const matching = new MatchingClient();
  const identities = Math.ceil(gallery / 20);
  const labels = /** @type {any[]} */ ([]);
  const add = async (/** @type {'query' | 'gallery'} */ set, /** @type {number} */ count) => {
    for (let index = 0; index < count; index += 1) {
      const identity = index % identities;
      labels.push({
        id: labels.length,
        set,
        identity: String(identity),
        camera: String(index % 6),
        content: String(labels.length),
      });
      const sent = matching.add(set, labels.length - 1, scattered(identity, labels.length, dim));
      if (index % 500 === 0 || index === count - 1) await sent;
    }
  };
  const { time: addMs } = await timed(async () => (await add('query', queries), await add('gallery', gallery)));
  if (!evaluate) return {};
  const options = { removeSameCamera: true, unmatched: /** @type {const} */ ('drop') };
  const { time: evaluateMs, value } = await timed(
    async () => (await matching.setLabels(labels), matching.evaluate(options)),
  );
  const { time: studyMs, value: studied } = study
    ? await timed(() => matching.study({ ...options, target: { kind: 'equalErrorRate' }, seed: 1 }))
    : { time: NaN, value: null };
  const { time: rankMs } = await timed(() => matching.rank(0, options, 50));
  const { perQuery, ...numbers } = value;
  const { equalErrorRate = null } = studied?.study.verification ?? {};
  return {
    ...numbers,
    equalErrorRate,
    studySeconds: studyMs / 1000,
    addSeconds: addMs / 1000,
    evaluateSeconds: evaluateMs / 1000,
    rankSeconds: rankMs / 1000,
  };
}

/**
 * A unit embedding near the centre of its identity.
 *
 * @param {number} identity
 * @param {number} index
 * @param {number} dim
 */
function scattered(identity, index, dim) {
  const [centre, own] = [identity + 1, index + 100_003].map((seed) => {
    let state = Math.imul(seed, 2654435761) >>> 0;
    return () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 31 - 1;
    };
  });
  return new Float32Array(unit(Array.from({ length: dim }, () => centre() + 2.5 * own())));
}

/** What the numbers depend on. */
export async function surroundings() {
  const adapter = await findAdapter();
  return { adapter: adapter?.name ?? 'none', threads: navigator.hardwareConcurrency, isolated: crossOriginIsolated };
}

/** @param {string} name @returns {Promise<Model>} */
async function describe(name) {
  const url = `/made/models/${name}`;
  const { image_size: side, projection_dim: embedDim } = await (await fetch(`${url}/config.json`)).json();
  return { name, url: new URL(url, location.href).href, side, pixelCount: 3 * side * side, embedDim };
}

/** @param {string} url */
async function numbers(url) {
  return new Float32Array(await (await fetch(url)).arrayBuffer());
}

/**
 * @template T
 * @param {() => Promise<T>} work
 */
async function timed(work) {
  const start = performance.now();
  const value = await work();
  return { time: performance.now() - start, value };
}

/**
 * Median milliseconds of some runs, fewer if the budget is used up.
 *
 * @param {() => Promise<unknown>} work
 * @param {number} budgetMs
 */
async function repeated(work, budgetMs) {
  const times = /** @type {number[]} */ ([]);
  const start = performance.now();
  const passed = () => performance.now() - start;
  do times.push((await timed(work)).time);
  while ((times.length < RUNS || passed() < LEAST_MS) && passed() < budgetMs);
  return times.sort((a, b) => a - b)[times.length >> 1];
}

/**
 * Between unit rows: the largest difference of two numbers, and the lowest cosine. NaN counts as infinitely far.
 *
 * @param {ArrayLike<number>} found    `[B, D]`, or the first rows of it
 * @param {Float32Array} expected      `[B, D]`
 * @param {number} width               D
 */
function difference(found, expected, width) {
  let [largest, cosine] = [0, 1];
  for (let at = 0; at < Math.min(found.length, expected.length); at += width) {
    const [a, b] = [unit(Array.from(found).slice(at, at + width)), unit([...expected.slice(at, at + width)])];
    const distances = a.map((value, index) => Math.abs(value - b[index]));
    largest = distances.every(Number.isFinite) ? Math.max(largest, ...distances) : Infinity;
    cosine = Math.min(
      cosine,
      a.reduce((sum, value, index) => sum + value * b[index], 0),
    );
  }
  return { largestDifference: largest, lowestCosine: cosine };
}

/** @param {number[]} row */
function unit(row) {
  const length = Math.hypot(...row);
  return row.map((value) => value / length);
}
