/** The embedder on its own: what cancelling, another model and lost workers do to images on their way. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Embedder } from '../../../www/session/embedding/embedder.js';
import { Temporary } from '../../../www/workers/temporary.js';

/** One image, an encoder that answers at once, and a matching worker that answers when the test lets it. */
function embedder() {
  const item = { id: 7, set: 'query', status: 'waiting', thumbnail: null, path: 'a.jpg', file: new Blob() };
  /** @type {string[]} */
  const failures = [];
  /** @type {Set<number>} */
  const stored = new Set();
  /** @type {(() => void)[]} */
  const answers = [];
  const matching = {
    /** @param {string} _set @param {number} id */
    async add(_set, id) {
      if (stored.has(id)) throw new Error(`there is an image ${id} already`);
      stored.add(id);
      await new Promise((resolve) => answers.push(() => resolve(null)));
    },
    reset: async () => stored.clear(),
  };
  const items = Object.assign(new EventTarget(), {
    all: () => [item],
    get: () => item,
    /** @param {number} _id @param {object} patch */
    change: (_id, patch) => Object.assign(item, patch),
  });
  const encoder = {
    atOnce: 4,
    wake: () => {},
    embed: async () => ({ embedding: new Float32Array(2), width: 1, height: 1, thumbnail: new Blob() }),
  };
  const parts = /** @type {any} */ ([encoder, matching, items]);
  const made = new Embedder(parts[0], parts[1], parts[2]);
  made.hasModel = true;
  made.addEventListener('failed', (event) => failures.push(/** @type {CustomEvent} */ (event).detail.reason));
  return { embedder: made, item, failures, answers };
}

const soon = () => new Promise((resolve) => setImmediate(resolve));

test('cancelling while an embedding is stored, and going on, embeds the image once', async () => {
  const { embedder: embedding, item, failures, answers } = embedder();
  embedding.start();
  await soon();
  embedding.cancel();
  embedding.start();
  await soon();
  assert.equal(answers.length, 1);
  answers[0]();
  await soon();
  assert.deepEqual([item.status, failures], ['done', []]);
});

test('an embedding by the model before is not kept', async () => {
  const { embedder: embedding, item, failures, answers } = embedder();
  embedding.start();
  await soon();
  const restarted = embedding.restart();
  answers[0]();
  await restarted;
  await soon();
  assert.deepEqual([item.status, answers.length], ['waiting', 2]);
  answers[1]();
  await soon();
  assert.deepEqual([item.status, failures], ['done', []]);
});

test('beginning again does not wait for the worker that ranks, so that nothing looks finished meanwhile', async () => {
  const { embedder: embedding, answers } = embedder();
  let phase = '';
  embedding.addEventListener('progress', (event) => {
    phase = /** @type {CustomEvent} */ (event).detail.phase;
  });
  embedding.start();
  await soon();
  answers[0]();
  await soon();
  assert.equal(phase, 'idle');
  const restarted = embedding.restart();
  assert.equal(phase, 'embedding');
  await restarted;
});

/**
 * Images that the encoder takes as `answer` says.
 * @param {number} count
 * @param {(id: number, attempt: number) => Promise<void>} answer
 */
function run(count, answer) {
  const all = Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    set: index % 2 ? 'query' : 'gallery',
    status: 'waiting',
    thumbnail: null,
    path: `${index}`,
    file: new Blob(),
  }));
  const byId = new Map(all.map((item) => [item.id, item]));
  const items = Object.assign(new EventTarget(), {
    all: () => all,
    get: (/** @type {number} */ id) => byId.get(id),
    change: (/** @type {number} */ id, /** @type {object} */ patch) => Object.assign(byId.get(id) ?? {}, patch),
  });
  const state = { inside: 0, most: 0, order: /** @type {number[]} */ ([]) };
  /** @type {Map<number, number>} */
  const attempts = new Map();
  const idOf = new Map(all.map(({ id, file }) => [file, id]));
  const encoder = {
    atOnce: 4,
    wake: () => {},
    async embed(/** @type {Blob} */ file) {
      const id = /** @type {number} */ (idOf.get(file));
      attempts.set(id, (attempts.get(id) ?? 0) + 1);
      state.order.push(id);
      state.most = Math.max(state.most, (state.inside += 1));
      try {
        await answer(id, attempts.get(id) ?? 0);
        return { embedding: new Float32Array(2), width: 1, height: 1, thumbnail: new Blob() };
      } finally {
        state.inside -= 1;
      }
    },
  };
  const matching = { add: async () => {}, wake: () => {}, reset: async () => {} };
  const parts = /** @type {any} */ ([encoder, matching, items]);
  const made = new Embedder(parts[0], parts[1], parts[2]);
  made.hasModel = true;
  const finished = () =>
    new Promise((resolve) =>
      made.addEventListener('finished', (event) => resolve(/** @type {CustomEvent} */ (event).detail), { once: true }),
    );
  return { embedder: made, all, state, finished };
}

test('no more images are handed on than the encoder can use, the gallery first', async () => {
  const { embedder: embedding, all, state, finished } = run(50, soon);
  embedding.start();
  const { images, aside } = await finished();
  assert.deepEqual([images, aside, state.most], [50, 0, 4]);
  assert.deepEqual(
    state.order,
    [...all.filter(({ set }) => set === 'gallery'), ...all.filter(({ set }) => set === 'query')].map(({ id }) => id),
  );
});

test('an image on which workers are lost is tried once more, alone at the end; then it waits, and is not given up', async () => {
  let alone = true;
  const {
    embedder: embedding,
    all,
    state,
    finished,
  } = run(20, async (id, attempt) => {
    await soon();
    if (id === 3 && attempt > 1) alone &&= state.inside === 1;
    if (id === 3 && attempt < 3) throw new Temporary('two workers were lost while working on it');
    if (id === 5 && attempt < 2) throw new Temporary('two workers were lost while working on it');
  });
  embedding.start();
  const { images, failed, aside } = await finished();
  assert.deepEqual([images, failed, aside, alone], [19, 0, 1, true]);
  assert.deepEqual(
    all.filter(({ status }) => status !== 'done').map(({ id, status }) => [id, status]),
    [[3, 'waiting']],
  );
  embedding.start();
  assert.equal(all[2].status, 'waiting');
  embedding.again();
  assert.deepEqual(await finished().then(({ images: more }) => [more, all[2].status]), [1, 'done']);
});
