// @ts-check
/**
 * Corrections of what is assumed about a model, one after another.
 *
 * @typedef {NonNullable<import('../model-types.js').Model['choices']>} Choices
 */

/**
 * Fields that lose their meaning when another one is corrected: another image tower has its own, and without camera
 * embeddings there is nothing to multiply. A choice that does not fit the model is refused.
 * @type {Record<string, string[]>}
 */
const UNDONE_BY = {
  tower: [
    'stride',
    'camera_embedding',
    'camera_coefficient',
    'activation',
    'heads',
    'last_stage',
    'feature',
    'image_size',
    'arithmetic',
  ],
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
