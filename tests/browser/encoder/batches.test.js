/** Batches and the choice of a kernel, with a GPU that is played. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Batches } from '../../../www/encoder/batches.js';
import { tune } from '../../../www/encoder/tuning.js';

const soon = () => new Promise((resolve) => setImmediate(resolve));
const image = (/** @type {number} */ number) => new Float32Array([number, number]);

/** An encoder that doubles, one number an image; it answers when told to, and refuses -1. */
function encoder() {
  /** @type {{images: number, answer: () => void}[]} */
  const batches = [];
  const call = (/** @type {string} */ _, /** @type {{pixels: Float32Array}} */ { pixels }) =>
    new Promise((resolve, reject) => {
      const images = pixels.length / 2;
      const answer = () =>
        pixels.includes(-1)
          ? reject(new Error('not finite'))
          : resolve(new Float32Array(images).map((_, at) => 2 * pixels[2 * at]));
      batches.push({ images, answer });
    });
  const pool = /** @type {any} */ ({ run: (/** @type {any} */ job) => job({ call }) });
  return { pool, batches };
}

test('an encoder that is free takes what waits, up to a number', async () => {
  const { pool, batches } = encoder();
  const waiting = new Batches(pool, { size: 3, atOnce: 2 });
  const found = [1, 2, 3, 4, 5, 6, 7].map((number) => waiting.encode(image(number)));
  assert.deepEqual(
    batches.map(({ images }) => images),
    [1, 1],
  );
  batches[0].answer();
  await soon();
  batches[1].answer();
  await soon();
  // Five waited for two: three and one, so that both are busy to the end.
  assert.deepEqual(
    batches.map(({ images }) => images),
    [1, 1, 3, 1],
  );
  batches[2].answer();
  await soon();
  batches.slice(3).forEach(({ answer }) => answer());
  assert.deepEqual(
    (await Promise.all(found)).flatMap((embedding) => [...embedding]),
    [2, 4, 6, 8, 10, 12, 14],
  );
});

test('an image that nobody wants any more is not encoded', async () => {
  const { pool, batches } = encoder();
  const waiting = new Batches(pool, { size: 3, atOnce: 1 });
  const abort = new AbortController();
  const first = waiting.encode(image(1));
  const [forgotten, last] = [waiting.encode(image(2), abort.signal), waiting.encode(image(3))];
  abort.abort(new Error('cancelled'));
  batches[0].answer();
  await assert.rejects(forgotten, /cancelled/);
  assert.equal(batches[1].images, 1);
  batches[1].answer();
  assert.deepEqual([...(await first), ...(await last)], [2, 6]);
});

test('an image that fails does not take its batch with it', async () => {
  const { pool, batches } = encoder();
  const waiting = new Batches(pool, { size: 3, atOnce: 1 });
  const found = Promise.allSettled([1, 2, -1, 3].map((number) => waiting.encode(image(number))));
  for (let at = 0; at < 5; at += 1) {
    batches[at].answer();
    await soon();
  }
  assert.deepEqual(
    batches.map(({ images }) => images),
    [1, 3, 1, 1, 1],
  );
  assert.deepEqual(
    (await found).map((one) => (one.status === 'fulfilled' ? one.value[0] : one.reason.message)),
    [2, 4, 'not finite', 6],
  );
});

/**
 * A GPU whose kernels take so many milliseconds for an image, or are wrong.
 * @param {Record<string, number | 'wrong'>} kernels
 * @param {number} gain  how much faster an image is in a batch
 */
function gpu(kernels, gain = 1) {
  let current = '';
  /** @type {string[]} */
  const calls = [];
  const actions = /** @type {Record<string, (args: any) => any>} */ ({
    kernels: () => Object.keys(kernels),
    useKernel: ({ kernel }) => ((current = kernel), kernel.includes('f16') ? 'F16' : 'F32'),
    check: () => ({ embeddings: current, milliseconds: kernels[current] }),
    time: () => Number(kernels[current]) / gain,
    agreement: ({ found }) => {
      if (kernels[found] === 'wrong') throw new Error(`${found} is wrong`);
      return 0.9999;
    },
  });
  const call = async (/** @type {string} */ action, /** @type {any} */ args) => (
    calls.push(action), actions[action](args)
  );
  return { client: /** @type {any} */ ({ call }), calls, current: () => current };
}

/** @type {import('../../../www/encoder/tuning.js').TunedInfo} */
const INFO = { imageSize: [224, 224], largestActivation: 600e3, architecture: 'ViT', precision: 'F16' };
const TRUSTED = new Float32Array(1);

test('the fastest kernel that is right is taken, with the batch that is worth it', async () => {
  const { client, current } = gpu({ registers: 20, workgroup: 10, 'shared-f16': 'wrong' }, 3);
  const found = await tune(client, INFO, TRUSTED, 'a');
  assert.deepEqual([found.kernel, found.batch, current()], ['workgroup', 4, 'workgroup']);
  assert.equal(found.milliseconds, 10 / 3);
});

test('F16 products must be faster, not as fast', async () => {
  for (const [milliseconds, kernel] of /** @type {[number, string][]} */ ([
    [9.5, 'workgroup'],
    [8.5, 'shared-f16'],
  ])) {
    const found = await tune(
      gpu({ registers: 20, workgroup: 10, 'shared-f16': milliseconds }).client,
      INFO,
      TRUSTED,
      `b${milliseconds}`,
    );
    assert.equal(found.kernel, kernel);
  }
});

test('a GPU that is wrong in every way is refused', async () => {
  await assert.rejects(tune(gpu({ registers: 'wrong', workgroup: 'wrong' }).client, INFO, TRUSTED, 'c'), /is wrong/);
});

test('what was found is remembered, but checked again, and found anew when it has become wrong', async () => {
  const stored = new Map();
  const storage = {
    getItem: (/** @type {string} */ key) => stored.get(key),
    setItem: (/** @type {string} */ key, /** @type {string} */ value) => stored.set(key, value),
  };
  Object.assign(globalThis, { localStorage: storage });
  try {
    await tune(gpu({ registers: 20, workgroup: 10 }).client, INFO, TRUSTED, 'd');
    const again = gpu({ registers: 5, workgroup: 10 });
    assert.equal((await tune(again.client, INFO, TRUSTED, 'd')).kernel, 'workgroup');
    assert.deepEqual(again.calls, ['useKernel', 'check', 'agreement']);
    assert.equal(
      (await tune(gpu({ registers: 5, workgroup: 'wrong' }).client, INFO, TRUSTED, 'd')).kernel,
      'registers',
    );
  } finally {
    Reflect.deleteProperty(globalThis, 'localStorage');
  }
});
