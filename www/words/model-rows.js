// @ts-check
/**
 * What the list of models says of each, and of where they come from.
 *
 * @typedef {import('../models/store.js').KeptModel} KeptModel
 * @typedef {import('../models/listing.js').Row} Row
 */
import { bytes, duration } from './format.js';

/**
 * @param {Row} row
 * @param {boolean} isUsed
 */
export function modelRowFacts({ kept, bytes: expected, memory, facts }, isUsed) {
  const size = kept?.bytes || expected;
  const needs = memory && !kept ? `about ${bytes(memory)} of memory` : '';
  return [size ? bytes(size) : '', needs, ...facts, isUsed ? 'in use' : ''].filter(Boolean).join(' · ');
}

/** How far a model is on its way into the browser. @param {KeptModel} kept */
export function keptWords({ state, stored, bytes: whole, step, bytesPerSecond, sha256, cosine }) {
  const share = whole ? `${bytes(stored)} of ${bytes(whole)}` : '';
  if (state === 'complete') return `stored in this browser${halfWords(cosine)}; SHA-256 ${sha256}`;
  if (state === 'elsewhere') return `another tab is working on it${share ? `: ${share}` : ''}`;
  if (state === 'partial') return share ? `${share} downloaded` : '';
  if (!step) return 'requesting its files';
  if (step.stage === 'halving') return 'storing it as F16 and measuring what that changes';
  if (step.stage === 'waiting') return 'another tab is downloading it';
  if (step.stage === 'checking') return `${share} downloaded, computing the checksum`;
  if (step.trouble) return [share, step.trouble].filter(Boolean).join('. ');
  const pace =
    bytesPerSecond > 0 ? `, ${bytes(bytesPerSecond)}/s, ${duration((whole - stored) / bytesPerSecond)} left` : '';
  return whole ? `${share}${pace}` : 'reading what the file contains';
}

/** @param {number | null} cosine  of a model that was stored again as F16 */
function halfWords(cosine) {
  return cosine === null
    ? ''
    : ` as F16: the embeddings of two generated images have a cosine of at least ${cosine.toFixed(7)} to those of F32`;
}

/**
 * @param {string} host       that a link chose
 * @param {boolean} isAllowed
 */
export function hubWords(host, isAllowed) {
  if (isAllowed) return `Models come from ${host}, which a link has chosen.`;
  return (
    `A link has chosen ${host} as the source of models, in place of Hugging Face. Allow it only if you know ` +
    'who runs it: ' +
    'whatever it sends is used as the model.'
  );
}

/** @param {{usage: number, quota: number}} room  in bytes */
export function roomWords({ usage, quota }) {
  return `Stored in this browser: ${bytes(usage)} of ${bytes(quota)} available.`;
}
