/** The worker pool on its own, with workers that are lost on command; and the memory that pictures may take. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Budget } from '../../../www/encoder/pictures/budget.js';
import { pixelsOf } from '../../../www/encoder/pictures/picture-size.js';
import { WorkerLost } from '../../../www/workers/messages.js';
import { Pool } from '../../../www/workers/pool.js';

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
  /** @param {import('../../../www/workers/messages.js').WorkerClient<any>} client */
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
  const result = pool.run(async (client) =>
    /** @type {any} */ (client) === clients[0] ? 'done' : /** @type {any} */ (client).lose(),
  );
  assert.equal(await result, 'done');
  assert.equal(pool.size, 1);
});

test('a job that loses two workers is reported and the others go on', async () => {
  const { pool } = await poolOf(1);
  const killer = pool.run((client) => /** @type {any} */ (client).lose());
  const harmless = pool.run(async () => 'done');
  await assert.rejects(killer, /two workers were lost while working on it: it was killed/);
  assert.equal(await harmless, 'done');
  assert.equal(pool.size, 1);
});

test('a job that fails keeps its worker', async () => {
  const { pool, clients } = await poolOf(1);
  await assert.rejects(
    pool.run(async () => Promise.reject(new Error('bad image'))),
    /bad image/,
  );
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
  await assert.rejects(
    pool.run(async () => 'late'),
    /the workers were stopped/,
  );
});

test('a worker that is retired ends when its job is done, and another one takes its place', async () => {
  const { pool, clients } = await poolOf(1);
  /** @type {(value?: unknown) => void} */
  let finish = () => {};
  const running = pool.run(() => new Promise((resolve) => (finish = resolve)));
  await pool.retire(/** @type {any} */ (clients[0]));
  assert.deepEqual([pool.size, clients.length, clients[0].isTerminated], [1, 2, false]);
  assert.equal(await pool.run(async (client) => client === /** @type {any} */ (clients[1])), true);
  finish('done');
  assert.equal(await running, 'done');
  await Promise.resolve();
  assert.equal(clients[0].isTerminated, true);
});

test('a worker that cannot be replaced is not retired', async () => {
  const { pool, clients } = await poolOf(1);
  pool.create = () => Promise.reject(new Error('no memory'));
  await pool.retire(/** @type {any} */ (clients[0]));
  assert.deepEqual([pool.size, clients[0].isTerminated], [1, false]);
});

test('work within a budget runs side by side, what is larger than it alone, in order', async () => {
  const budget = new Budget(100);
  /** @type {string[]} */
  const log = [];
  let spent = 0;
  let most = 0;
  const work = (/** @type {string} */ name, /** @type {number} */ bytes) =>
    budget.spend(bytes, async () => {
      log.push(name);
      spent += bytes;
      if (bytes <= 100) most = Math.max(most, spent);
      else assert.equal(spent, bytes);
      await new Promise((resolve) => setTimeout(resolve, 5));
      spent -= bytes;
      if (name === 'broken') throw new Error(name);
      return name;
    });
  const sizes = /** @type {[string, number][]} */ ([
    ['a', 40],
    ['b', 40],
    ['huge', 400],
    ['broken', 60],
    ['c', 60],
    ['d', 10],
  ]);
  const results = await Promise.allSettled(sizes.map(([name, bytes]) => work(name, bytes)));
  assert.deepEqual(
    log,
    sizes.map(([name]) => name),
  );
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
  );
  assert.equal(most, 80);
});

test('the size of a picture is read from the beginning of its file', () => {
  const view = (/** @type {number[]} */ bytes) =>
    new DataView(Uint8Array.from([...bytes, ...Array(30).fill(0)]).buffer);
  const text = (/** @type {string} */ characters) => [...characters].map((one) => one.charCodeAt(0));
  assert.equal(
    pixelsOf(view([0x89, ...text('PNG\r\n\x1a\n'), 0, 0, 0, 13, ...text('IHDR'), 0, 0, 0x2e, 0xe0, 0, 0, 0x20, 0x08])),
    12_000 * 8200,
  );
  assert.equal(
    pixelsOf(
      view([0xff, 0xd8, 0xff, 0xe1, 0, 4, 0, 0, 0xff, 0xc4, 0, 3, 9, 0xff, 0xc2, 0, 17, 8, 0x01, 0x00, 0x02, 0x00]),
    ),
    256 * 512,
  );
  assert.equal(pixelsOf(view([...text('GIF89a'), 0x40, 0x01, 0xf0, 0])), 320 * 240);
  assert.equal(pixelsOf(view([...text('BM'), ...Array(16).fill(0), 64, 1, 0, 0, 0x10, 0xff, 0xff, 0xff])), 320 * 240);
  const webp = (/** @type {number[]} */ ...chunk) => view([...text('RIFF'), 0, 0, 0, 0, ...text('WEBP'), ...chunk]);
  assert.equal(pixelsOf(webp(...text('VP8X'), 10, 0, 0, 0, 0, 0, 0, 0, 0x3f, 1, 0, 0xef, 0, 0)), 320 * 240);
  assert.equal(pixelsOf(webp(...text('VP8 '), 0, 0, 0, 0, 0, 0, 0, 0x9d, 1, 0x2a, 0x40, 1, 0xf0, 0)), 320 * 240);
  assert.equal(pixelsOf(webp(...text('VP8L'), 0, 0, 0, 0, 0x2f, 0x3f, 0xc1, 0x3b, 0)), 320 * 240);
  assert.equal(pixelsOf(view(text('II*\0'))), null);
  assert.equal(pixelsOf(new DataView(new ArrayBuffer(4))), null);
});
