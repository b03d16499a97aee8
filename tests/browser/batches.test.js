/** Images in batches on a pool, with workers that do as they are told. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Batches } from '../../www/encoder/batches.js';
import { Pool } from '../../www/encoder/pool.js';
import { WorkerLost } from '../../www/messages.js';

/** Stands in for a worker with an encoder: an embedding is twice the pixels. */
class FakeEncoder {
  /** @type {(error: WorkerLost) => void} */
  onLost = () => {};
  terminate() {}

  /** @param {FakeEncoders} encoders */
  constructor(encoders) {
    this.encoders = encoders;
  }

  /**
   * @param {string} _action
   * @param {{pixels: Float32Array}} args
   */
  async call(_action, { pixels }) {
    this.encoders.calls.push([...pixels]);
    await this.encoders.allowed;
    const error = this.encoders.failure(pixels);
    if (error instanceof WorkerLost) queueMicrotask(() => this.onLost(error));
    if (error) throw error;
    return pixels.map((value) => 2 * value);
  }
}

/** @typedef {{calls: number[][], failure: (pixels: Float32Array) => Error | null, allowed: Promise<void>}} FakeEncoders */

/**
 * @param {number} workers
 * @param {FakeEncoders['failure']} [failure]  of a call, instead of its result
 * @returns `go` lets the workers finish
 */
async function batchesOn(workers, failure = () => null) {
  let go = () => {};
  const allowed = new Promise((resolve) => (go = () => resolve(undefined)));
  const encoders = /** @type {FakeEncoders} */ ({ calls: [], failure, allowed });
  const pool = new Pool(async () => /** @type {any} */ (new FakeEncoder(encoders)));
  await pool.grow(workers);
  const batches = new Batches(pool, 2);
  /** One number is an image here. */
  const embed = async (/** @type {number} */ value, /** @type {AbortSignal | undefined} */ signal = undefined) =>
    (await batches.embed(Float32Array.of(value), signal))[0];
  return { ...encoders, embed, pool, go };
}

test('two images that wait go into one call, and each gets its own embedding', async () => {
  const { embed, calls, go } = await batchesOn(1);
  const found = Promise.all([1, 2, 3, 4].map((value) => embed(value)));
  go();
  assert.deepEqual(await found, [2, 4, 6, 8]);
  assert.deepEqual(calls, [[1], [2, 3], [4]]);
});

test('the last images are shared out, so that no encoder is idle', async () => {
  const { embed, calls, go } = await batchesOn(2);
  const found = Promise.all([1, 2, 3, 4].map((value) => embed(value)));
  go();
  assert.deepEqual(await found, [2, 4, 6, 8]);
  assert.deepEqual(calls, [[1], [2], [3], [4]]);
});

test('an image that is given up is not encoded, and those around it are', async () => {
  const { embed, calls, go } = await batchesOn(1);
  const abort = new AbortController();
  const found = Promise.all([embed(1), embed(2), embed(4)]);
  const givenUp = embed(3, abort.signal);
  abort.abort(new Error('no longer wanted'));
  go();
  await assert.rejects(givenUp, { message: 'no longer wanted' });
  assert.deepEqual(await found, [2, 4, 8]);
  assert.deepEqual(calls, [[1], [2, 4]]);
});

test('giving up one image of a call leaves the other one its embedding', async () => {
  const { embed, go } = await batchesOn(1);
  const abort = new AbortController();
  const first = embed(1);
  const [given, kept] = [embed(2, abort.signal), embed(3)];
  go();
  await first;
  abort.abort(new Error('no longer wanted'));
  await assert.rejects(given, { message: 'no longer wanted' });
  assert.equal(await kept, 6);
});

test('a call that is lost with its worker is made again with the same images', async () => {
  let losses = 0;
  const { embed, calls, go } = await batchesOn(1, (pixels) => (pixels.length === 2 && losses++ === 0 ? new WorkerLost('it was killed') : null));
  const found = Promise.all([embed(1), embed(2), embed(3)]);
  go();
  assert.deepEqual(await found, [2, 4, 6]);
  assert.deepEqual(calls, [[1], [2, 3], [2, 3]]);
});

test('a call that fails fails for all of its images', async () => {
  const { embed, go } = await batchesOn(1, (pixels) => (pixels.includes(2) ? new Error('cannot be encoded') : null));
  const outcomes = Promise.allSettled([1, 2, 3, 4].map((value) => embed(value)));
  go();
  assert.deepEqual((await outcomes).map(({ status }) => status), ['fulfilled', 'rejected', 'rejected', 'fulfilled']);
});

test('when the pool is stopped, everything that waits is told', async () => {
  const { embed, pool } = await batchesOn(1);
  embed(1).catch(() => {});
  const outcomes = Promise.allSettled([embed(2), embed(3)]);
  pool.stop();
  assert.deepEqual((await outcomes).map(({ status }) => status), ['rejected', 'rejected']);
});
