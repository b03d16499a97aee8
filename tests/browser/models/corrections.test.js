/** Corrections of what is assumed about a model: none outlives what it was about. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { corrected } from '../../../www/session/corrections.js';

test('a correction replaces the one before it and keeps all others', () => {
  assert.deepEqual(corrected(null, 'heads', '8'), { heads: '8' });
  assert.deepEqual(corrected({ heads: '8', resize: 'squash' }, 'heads', '4'), { heads: '4', resize: 'squash' });
});

test('what means nothing any more is forgotten', () => {
  const used = { camera_embedding: 'used', camera_coefficient: '3', heads: '8' };
  assert.deepEqual(corrected(used, 'camera_embedding', 'left_out'), { camera_embedding: 'left_out', heads: '8' });
  const choices = { ...used, mean_std: 'half', augmentation: 'flip', arithmetic: 'i8', last_stage: 'keeps' };
  assert.deepEqual(corrected(choices, 'tower', 'b.'), { mean_std: 'half', augmentation: 'flip', tower: 'b.' });
});
