// @ts-check
/**
 * Corrections of what is assumed about a model, one after the other.
 *
 * @typedef {NonNullable<import('../types.js').Model['choices']>} Choices
 */

/**
 * Fields that mean nothing any more once another one is corrected: another image tower has its own, and without
 * embeddings of cameras there is nothing to multiply. A choice that a model cannot follow is refused.
 * @type {Record<string, string[]>}
 */
const UNDONE_BY = {
  tower: ['stride', 'camera_embedding', 'camera_coefficient', 'activation', 'heads', 'last_stage', 'feature', 'image_size', 'arithmetic'],
  camera_embedding: ['camera_coefficient'],
};

/**
 * @param {Choices | null} choices  so far
 * @param {string} field
 * @param {string} value
 * @returns {Choices}
 */
export function corrected(choices, field, value) {
  const undone = UNDONE_BY[field] ?? [];
  const kept = Object.entries(choices ?? {}).filter(([name]) => !undone.includes(name));
  return { ...Object.fromEntries(kept), [field]: value };
}
