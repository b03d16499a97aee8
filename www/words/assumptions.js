// @ts-check
/** What can be assumed about a model, in words. Fields and choices are called as the package calls them. */

/** @type {Record<string, string>} */
const FIELDS = {
  tower: 'Image tower',
  stride: 'Patch stride, pixels',
  camera_embedding: 'Camera embeddings',
  camera_coefficient: 'Weight of camera embeddings',
  activation: 'Activation',
  heads: 'Attention heads',
  resize: 'Images are',
  mean_std: 'Mean and standard deviation',
  last_stage: 'The last stage',
  feature: 'Embedding',
  image_size: 'Input, height × width',
  arithmetic: 'CPU precision',
  augmentation: 'Mirrored copy of each image',
};

/** @type {Record<string, string>} */
const CHOICES = {
  shortest: 'resized, then cropped to the input size',
  squash: 'stretched to the input size',
  clip: 'CLIP’s',
  imagenet: 'ImageNet’s',
  half: '0.5 and 0.5',
  halves: 'halves the grid, as in CLIP',
  keeps: 'keeps the grid, as in CLIP-ReID',
  neck: 'class token and projection, after the batch norms',
  concatenated: 'class token and projection',
  projection: 'projection only, as in CLIP',
  pooled: 'class token, without projection',
  left_out: 'not used',
  used: 'added, chosen by each image’s camera',
  f32: 'F32',
  i8: '8-bit weights: faster, slightly different',
  none: 'not used',
  flip: 'averaged in: two passes per image, half the speed',
};

/** @param {string} field */
export function fieldWords(field) {
  return FIELDS[field] ?? field;
}

/** @param {string} choice  a number or a name where there are no words for it */
export function choiceWords(choice) {
  return CHOICES[choice] ?? (choice || 'names without a prefix');
}
