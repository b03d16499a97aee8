// @ts-check
/** The facts about a model: for the page and for the report. */
import { bytes, whole } from './format.js';

/**
 * @param {Partial<import('../model-types.js').ModelInfo>} info   a file of embeddings may not say everything
 * @returns {[string, string][]}
 */
export function modelFacts({
  name,
  bytes: size,
  parameters,
  precision,
  architecture,
  imageSize,
  preprocessing,
  features,
  licence,
  sha256,
}) {
  /** @type {[string, string | null | undefined | false][]} */
  const facts = [
    ['Name', name],
    [
      'Size',
      size !== undefined &&
        `${bytes(size)}${parameters === undefined ? '' : `, ${whole(parameters)} parameters`} (image tower)`,
    ],
    ['Precision', precision],
    ['Architecture', architecture],
    ['Input', imageSize && `${imageSize.join(' × ')} pixels (height × width)`],
    ['Preprocessing', preprocessing],
    ['Embedding', features !== undefined && `${features} dimensions`],
    ['Licence', licence],
    ['SHA-256 of the weights', sha256],
  ];
  return facts.flatMap(([fact, value]) => (value ? [[fact, String(value)]] : []));
}
