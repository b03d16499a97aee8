#!/usr/bin/env node
/**
 * Ranks embeddings in the page's own worker: how long all metrics take, and how much memory.
 *
 *     node tests/bench/ranking.js [--queries 5000] [--gallery 20000] [--dim 512] [--study]
 *
 * The embeddings are made up: each identity has a centre, its images scatter around it. The memory is the peak resident
 * set of the renderer, beyond what it had when all embeddings were in the worker. --study adds what the page shows below the
 * ranks: verification over all pairs, thresholds, 1000 bootstrap samples.
 */
import { parseArgs } from 'node:util';
import { inBrowser, serve } from './host.js';

const { values } = parseArgs({
  options: {
    queries: { type: 'string', default: '5000' },
    gallery: { type: 'string', default: '20000' },
    dim: { type: 'string', default: '512' },
    study: { type: 'boolean', default: false },
  },
});
const args = {
  queries: Number(values.queries),
  gallery: Number(values.gallery),
  dim: Number(values.dim),
  study: values.study,
};
const server = await serve();
const before = await inBrowser(server.address, { name: 'ranking', args: { ...args, evaluate: false } });
const { result, peakMB, browser } = await inBrowser(server.address, {
  name: 'ranking',
  args: { ...args, evaluate: true },
});
server.close();
console.log(`${args.queries} × ${args.gallery} × ${args.dim}, ${browser}`);
console.log(`embeddings handed over in ${result.addSeconds.toFixed(1)} s; peak ${before.peakMB} MB`);
console.log(
  `CMC and both mAPs in ${result.evaluateSeconds.toFixed(1)} s; peak ${peakMB} MB, ${peakMB - before.peakMB} MB more`,
);
if (values.study) console.log(`all of the study in ${result.studySeconds.toFixed(1)} s`);
console.log(`one query ranked in ${(result.rankSeconds * 1000).toFixed(0)} ms`);
console.log(
  `Rank-1 ${result.cmc[0]}, mAP ${result.meanAveragePrecision}, trapezoidal ${result.meanAveragePrecisionTrapezoidal}`,
);
