/**
 * Floating-point operations of the matrix products for one image; a multiplication and an addition are two.
 * Softmax, normalisations and activations are not counted.
 *
 * @param {any} config  transformers' config.json of the image tower
 */
export function flops(config) {
  const {
    hidden_size: width,
    intermediate_size: mlp,
    num_hidden_layers: layers,
    image_size: side,
    patch_size: patch,
    projection_dim: embedDim,
  } = config;
  const patches = Math.floor(side / patch) ** 2;
  const tokens = patches + 1;
  const linear = tokens * (4 * width * width + 2 * width * mlp);
  const attention = 2 * tokens * tokens * width;
  return 2 * (patches * 3 * patch * patch * width + layers * (linear + attention) + width * embedDim);
}
