/** The worker pool on its own, with workers that are lost on command. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Pool } from '../../www/encoder/pool.js';
import { WorkerLost } from '../../www/messages.js';

/** Stands in for a WorkerClient: `work` is what a job gets from it. */
class FakeClient {
  /** @type {(error: WorkerLost) => void} */
  onLost = () => {};
  isTerminated = false;

  /** Loses the worker, as the browser would, in the middle of a job. */
  lose() {
    const error = new WorkerLost('it was killed');
    queueMicrotask(() => this.onLost(error));
    return Promise.reject(error);
  }

  terminate() {
    this.isTerminated = true;
  }
}

/** @param {number} size */
async function poolOf(size) {
  /** @type {FakeClient[]} */
  const clients = [];
  const pool = new Pool(async () => {
    clients.push(new FakeClient());
    return /** @type {any} */ (clients.at(-1));
  });
  await pool.grow(size);
  return { pool, clients };
}

test('a job whose worker is lost is done by another one', async () => {
  const { pool, clients } = await poolOf(2);
  let tries = 0;
  const result = await pool.run(async (client) => (++tries === 1 ? /** @type {any} */ (client).lose() : 'done'));
  assert.equal(result, 'done');
  assert.equal(tries, 2);
  assert.equal(clients.length, 3);
  assert.equal(pool.size, 2);
});

test('a lost job is not given to an idle worker that was lost with it', async () => {
  const { pool, clients } = await poolOf(2);
  const lost = new WorkerLost('it was killed');
  /** @param {import('../../www/messages.js').WorkerClient} client */
  const job = async (client) => {
    if (clients.indexOf(/** @type {any} */ (client)) >= 2) return 'done';
    // Both are gone, but for the idle one the page learns of it later.
    queueMicrotask(() => client.onLost(lost));
    throw lost;
  };
  const first = pool.run(job);
  await Promise.resolve();
  const second = pool.run(job);
  assert.deepEqual(await Promise.all([first, second]), ['done', 'done']);
  assert.equal(pool.size, 2);
});

test('a lost job goes to a worker that is left if there is no replacement', async () => {
  const { pool, clients } = await poolOf(2);
  pool.create = () => Promise.reject(new Error('no memory'));
  const result = pool.run(async (client) => (/** @type {any} */ (client) === clients[0] ? 'done' : /** @type {any} */ (client).lose()));
  assert.equal(await result, 'done');
  assert.equal(pool.size, 1);
});

test('a job that loses two workers is reported and the others go on', async () => {
  const { pool } = await poolOf(1);
  const killer = pool.run((client) => /** @type {any} */ (client).lose());
  const harmless = pool.run(async () => 'done');
  await assert.rejects(killer, /two workers were lost on it: it was killed/);
  assert.equal(await harmless, 'done');
  assert.equal(pool.size, 1);
});

test('a job that fails keeps its worker', async () => {
  const { pool, clients } = await poolOf(1);
  await assert.rejects(pool.run(async () => Promise.reject(new Error('bad image'))), /bad image/);
  assert.equal(await pool.run(async (client) => client === /** @type {any} */ (clients[0])), true);
});

test('a cancelled job leaves the queue at once', async () => {
  const { pool } = await poolOf(1);
  /** @type {(value?: unknown) => void} */
  let finish = () => {};
  const running = pool.run(() => new Promise((resolve) => (finish = resolve)));
  const abort = new AbortController();
  let wasRun = false;
  const queued = pool.run(async () => (wasRun = true), abort.signal);
  abort.abort();
  await assert.rejects(queued, { name: 'AbortError' });
  finish();
  await running;
  assert.equal(wasRun, false);
});

test('a pool whose workers cannot be made again ends with the reason', async () => {
  const { pool } = await poolOf(1);
  pool.create = () => Promise.reject(new Error('no memory'));
  await assert.rejects(pool.run((client) => /** @type {any} */ (client).lose()), /no memory/);
  await assert.rejects(pool.run(async () => 'late'), /no memory/);
});
