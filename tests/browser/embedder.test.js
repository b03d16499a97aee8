/** The embedder on its own: what cancelling and another model do to an image that is just being stored. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Embedder } from '../../www/session/embedder.js';

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
  const encoder = { atOnce: 4, wake: () => {}, embed: async () => ({ embedding: new Float32Array(2), width: 1, height: 1, thumbnail: new Blob() }) };
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
