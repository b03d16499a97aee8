/** The choice between F32 and integers, with workers that only say what a test wants. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadInArithmetic } from '../../../www/encoder/arithmetic.js';
import { WorkerLost } from '../../../www/workers/messages.js';

const ASSUMPTION = { field: 'arithmetic', choices: ['f32', 'i8'], reason: 'It is faster.' };

/**
 * Workers in the order in which they were started.
 * @param {() => Promise<number>} agreement
 * @param {any[]} assumptions
 */
function workers(agreement, assumptions = [ASSUMPTION]) {
  /** @type {{arithmetic: string, isStopped: boolean}[]} */
  const started = [];
  const load = async (/** @type {any} */ { choices: { arithmetic } }) => {
    const worker = { arithmetic, isStopped: false };
    started.push(worker);
    const isExact = arithmetic === 'f32';
    return /** @type {any} */ ({
      pool: { stop: () => (worker.isStopped = true) },
      client: { call: agreement },
      info: { assumptions: assumptions.map((assumption) => ({ ...assumption, value: arithmetic })) },
      check: { embeddings: new Float32Array([isExact ? 1 : 0.9]), milliseconds: isExact ? 160 : 100 },
    });
  };
  return { started, load };
}

/** @param {Record<string, string> | null} choices */
const model = (choices) => /** @type {any} */ ({ weights: new Blob(), config: null, choices });

test('F32 is loaded once', async () => {
  const { started, load } = workers(async () => assert.fail());
  const found = await loadInArithmetic(model(null), load);
  assert.deepEqual(started, [{ arithmetic: 'f32', isStopped: false }]);
  assert.equal(found.info.assumptions[0].reason, 'It is faster.');
});

test('integers that agree are used, and how well they do is said', async () => {
  const { started, load } = workers(async () => 0.99987);
  const { model: used, info, check } = await loadInArithmetic(model({ arithmetic: 'i8', resize: 'squash' }), load);
  assert.deepEqual(started, [
    { arithmetic: 'f32', isStopped: true },
    { arithmetic: 'i8', isStopped: false },
  ]);
  assert.deepEqual(used.choices, { arithmetic: 'i8', resize: 'squash' });
  assert.match(
    info.assumptions[0].reason,
    /1\.6 times as fast; the embeddings of two generated images have a cosine of 0\.99987 to those of F32/,
  );
  assert.deepEqual(check, { embeddings: new Float32Array([1]), milliseconds: 100 });
});

test('integers that do not agree are given up for F32, and why is said', async () => {
  const { started, load } = workers(async () => Promise.reject(new Error('cosine 0.9871; at least 0.999 is needed')));
  const { model: used, info } = await loadInArithmetic(model({ arithmetic: 'i8', resize: 'squash' }), load);
  const stopped = started.map(({ arithmetic, isStopped }) => [arithmetic, isStopped]);
  assert.deepEqual(stopped, [
    ['f32', true],
    ['i8', true],
    ['f32', false],
  ]);
  assert.deepEqual(used.choices, { arithmetic: 'f32', resize: 'squash' });
  assert.equal(info.assumptions[0].value, 'f32');
  assert.match(
    info.assumptions[0].reason,
    /8-bit was tried but is not used: cosine 0\.9871; at least 0\.999 is needed\./,
  );
});

test('a worker that is lost is no reason for F32', async () => {
  const { started, load } = workers(async () => Promise.reject(new WorkerLost('gone')));
  await assert.rejects(loadInArithmetic(model({ arithmetic: 'i8' }), load), WorkerLost);
  assert.deepEqual(
    started.map(({ isStopped }) => isStopped),
    [true, true],
  );
});

test('a network without the choice is loaded once', async () => {
  const { started, load } = workers(async () => assert.fail(), []);
  await loadInArithmetic(model({ arithmetic: 'i8' }), load);
  assert.equal(started.length, 1);
});
