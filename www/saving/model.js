// @ts-check
/**
 * What is known of the model that made the embeddings, for a file.
 *
 * @typedef {import('../session/session.js').Session} Session
 * @typedef {Partial<import('../model-types.js').ModelInfo>} Description
 */

/**
 * The model's description with the SHA-256 of its weights, null where they can no longer be read.
 *
 * @param {Session} session
 * @returns {Promise<Description | null>}  null if nothing is known
 */
export async function describeModel({ items, model, store }) {
  if (items.areImported) return modelOfFiles(items);
  const {
    state: { info },
    weights,
  } = model;
  if (!info || !weights) return info;
  return { ...info, sha256: await store.hash(weights).catch(() => null) };
}

/**
 * What the files of imported embeddings say of their model, if they all say the same.
 *
 * @param {import('../session/items.js').Items} items
 * @returns {Description | null}
 */
function modelOfFiles(items) {
  const models = new Map(items.all().map(({ origin }) => [JSON.stringify(origin?.model), origin?.model ?? null]));
  return models.size === 1 ? [...models.values()][0] : null;
}
