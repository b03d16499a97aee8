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

test('while no worker can be made jobs wait, the reason is told, and all goes on once one can', async () => {
  const { pool } = await poolOf(1);
  /** @type {unknown[]} */
  const told = [];
  pool.onTrouble = (cause) => told.push(cause instanceof Error ? cause.message : cause);
  const { create } = pool;
  pool.create = () => Promise.reject(new Error('no memory'));
  let tries = 0;
  const lost = pool.run(async (client) => (++tries === 1 ? /** @type {any} */ (client).lose() : 'done'));
  const late = pool.run(async () => 'late');
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal(pool.size, 0);
  assert.ok(told.length >= 2 && told.every((cause) => cause === 'no memory'), JSON.stringify(told));
  pool.create = create;
  pool.wake();
  assert.deepEqual(await Promise.all([lost, late]), ['done', 'late']);
  assert.equal(told.at(-1), null);
  assert.equal(pool.size, 1);
});

test('the pauses between attempts grow', async () => {
  const { pool } = await poolOf(1);
  /** @type {number[]} */
  const attempts = [];
  pool.create = () => {
    attempts.push(performance.now());
    return Promise.reject(new Error('no memory'));
  };
  pool.run((client) => /** @type {any} */ (client).lose()).catch(() => {});
  await new Promise((resolve) => setTimeout(resolve, 1200));
  pool.stop();
  const pauses = attempts.slice(1).map((time, at) => time - attempts[at]);
  assert.equal(pauses.length, 2, JSON.stringify(pauses));
  assert.ok(pauses[0] > 200 && pauses[1] > 1.5 * pauses[0], JSON.stringify(pauses));
});

test('a worker that cannot be made beside others is tried a few times, and again when woken', async () => {
  const { pool, clients } = await poolOf(2);
  const { create } = pool;
  let attempts = 0;
  pool.create = () => {
    attempts += 1;
    return Promise.reject(new Error('no memory'));
  };
  clients[1].onLost(new WorkerLost('it was killed'));
  await new Promise((resolve) => setTimeout(resolve, 1500));
  assert.equal(attempts, 3);
  assert.equal(await pool.run(async () => 'done'), 'done');
  pool.create = create;
  pool.wake();
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(pool.size, 2);
});

test('a pool that is stopped rejects what waits for it', async () => {
  const { pool } = await poolOf(1);
  pool.create = () => Promise.reject(new Error('no memory'));
  const waiting = pool.run((client) => /** @type {any} */ (client).lose());
  await new Promise((resolve) => setTimeout(resolve, 50));
  pool.stop();
  await assert.rejects(waiting, /the workers were stopped/);
  await assert.rejects(pool.run(async () => 'late'), /the workers were stopped/);
});
