/** 8-bit weights and F32 compared on a person's images, with workers that only say what a test wants. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EightBits } from '../../../www/encoder/eight-bits.js';

/**
 * @param {{wants?: (found: number) => boolean, refusal?: (name: string) => string | undefined,
 *   startExact?: () => Promise<any>}} options
 */
function eightBits({ wants = () => true, refusal = () => undefined, startExact } = {}) {
  /** @type {string[]} */
  const log = [];
  const judge = {
    /** @param {string} action @param {any} args */
    async call(action, args) {
      if (action === 'wantsComparison') return wants(args.found[0]);
      log.push(`compare ${args.name}: ${args.exact[0]} ${args.found[0]}`);
      return { refusal: refusal(args.name), summary: 'compared' };
    },
    terminate: () => log.push('end judge'),
  };
  const exact = async () => {
    log.push('start F32');
    return {
      call: async (/** @type {string} */ _, /** @type {any} */ { pixels }) => pixels,
      terminate: () => log.push('end F32'),
    };
  };
  const made = new EightBits(async () => /** @type {any} */ (judge), startExact ?? /** @type {any} */ (exact));
  for (const type of ['compared', 'refused']) {
    made.addEventListener(type, (event) => log.push(`${type}: ${/** @type {CustomEvent} */ (event).detail.sentence}`));
  }
  /** @param {number} number */
  const watch = (number) =>
    made.watch({ name: `${number}.jpg`, camera: '' }, async () => {
      return { pixels: new Float32Array([number]), embedding: new Float32Array([-number]), number };
    });
  return { made, log, watch };
}

test('images that have to be compared wait for one F32 encoder, which is ended', async () => {
  const { log, watch } = eightBits();
  const found = await Promise.all([1, 2, 3].map(watch));
  assert.deepEqual(
    found.map(({ number }) => number),
    [1, 2, 3],
  );
  const comparisons = ['compare 1.jpg: 1 -1', 'compare 2.jpg: 2 -2', 'compare 3.jpg: 3 -3'];
  assert.deepEqual(log, ['start F32', ...comparisons, 'end F32', 'compared: compared.']);
});

test('the other images do not wait', async () => {
  const { log, watch } = eightBits({ wants: () => false });
  await Promise.all([1, 2].map(watch));
  assert.deepEqual(log, []);
});

test('many images are compared while others are still on their way', async () => {
  const { made, log, watch } = eightBits();
  made.watch({ name: 'slow.jpg', camera: '' }, () => new Promise(() => {}));
  await Promise.all(Array.from({ length: 24 }, (_, at) => watch(at)));
  assert.equal(log.filter((line) => line.startsWith('compare ')).length, 24);
});

test('a refusal is told before anything is rejected, and nothing is embedded afterwards', async () => {
  const { log, watch } = eightBits({ refusal: (name) => (name === '2.jpg' ? 'too much for 2.jpg' : undefined) });
  const outcomes = await Promise.all(
    [1, 2, 3].map((number) =>
      watch(number).then(
        () => 'kept',
        (error) => {
          log.push(`rejected ${number}`);
          return error.message;
        },
      ),
    ),
  );
  assert.deepEqual(outcomes, ['too much for 2.jpg', 'too much for 2.jpg', 'too much for 2.jpg']);
  assert.ok(log.indexOf('refused: too much for 2.jpg.') < log.indexOf('rejected 1'));
  assert.ok(log.includes('end F32') && !log.includes('compare 3.jpg: 3 -3'));
  await assert.rejects(watch(4), /too much for 2\.jpg/);
  assert.equal(log.filter((line) => line.startsWith('refused')).length, 1);
});

test('without an F32 encoder there is no telling, so 8 bits are not used', async () => {
  const { log, watch } = eightBits({ startExact: () => Promise.reject(new Error('no memory')) });
  await assert.rejects(watch(1), /could not be compared with F32 \(no memory\)/);
  assert.match(log.join(), /refused: 8-bit could not be compared .* all images are processed in F32 instead\./);
});

test('an image that cannot be read does not hold up the others', async () => {
  const { made, log, watch } = eightBits();
  const broken = made.watch({ name: 'broken.jpg', camera: '' }, async () => Promise.reject(new Error('no image')));
  await Promise.all([watch(1), assert.rejects(broken, /no image/)]);
  assert.ok(log.includes('compare 1.jpg: 1 -1'));
});

test('what waits ends with the model', async () => {
  const { made, log, watch } = eightBits({ startExact: () => new Promise(() => {}) });
  const waiting = watch(1);
  await new Promise((resolve) => setImmediate(resolve));
  made.stop();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(log, ['end judge']);
  waiting.catch(() => {});
});
