// What the kernels of a linear layer have in common: y[m, n] = finish(x[m, :] · weight[:, n] + bias[n]).
//
// Lines with `row`, `x_read` or `weight_read` in double braces are repeated: for each row that an invocation has, and
// for each four values that it reads for a step.

// M, rows of the weights for a workgroup, workgroups for a tile.
@group(0) @binding(2) var<storage, read> sizes: array<u32>;

const DEPTH = {{ depth }}u;
const ROWS = {{ rows }}u; // of an invocation
const COLUMNS_AT_ONCE = {{ columns_at_once }}u; // invocations of a workgroup side by side
const TILES_AT_ONCE = {{ tiles_at_once }}u; // and below each other
const WEIGHT_SCALE = {{ weight_scale }}; // what the weights are multiplied with

// The weights are packed in panels: [⌈N / PANEL_WIDTH⌉, K, PANEL_WIDTH], read in fours.
const PANEL_WIDTH = {{ panel_width }}u;
const PANEL_FOURS = PANEL_WIDTH / 4u;

// Four neighbours in row `k` of the panel that holds column `column`.
fn weight_at(column: u32, k: u32) -> vec4<f32> {
  return four_weights_at(((column / PANEL_WIDTH) * DEPTH + k) * PANEL_FOURS + (column / 4u) % PANEL_FOURS);
}

// One after the other: each becomes one instruction.
fn plus_products(sum: vec4<{{ part }}>, v: vec4<{{ part }}>, weights: mat4x4<{{ part }}>) -> vec4<{{ part }}> {
  var all = sum;
  all += v.x * weights[0];
  all += v.y * weights[1];
  all += v.z * weights[2];
  all += v.w * weights[3];
  return all;
}
