{{ enable }}
// What the kernels of a linear layer have in common: y[m, n] = finish(x[m, :] · weight[:, n] + bias[n]).
//
// weight is packed in panels of 8 columns: [⌈N / 8⌉, K, 8], F32 or F16. Lines with `row`, `x_read` or `weight_read`
// in double braces stand there for each row that an invocation has, and each four that it reads for a step.

@group(0) @binding(0) var<storage, read> x: array<{{ number }}>;
@group(0) @binding(1) var<storage, read> weight: array<{{ weight_number }}>;
@group(0) @binding(2) var<storage, read> sizes: array<u32>; // M, rows of the weights for a workgroup, workgroups for a tile

const DEPTH = {{ depth }}u;
const ROWS = {{ rows }}u; // of an invocation
const COLUMNS_AT_ONCE = {{ columns_at_once }}u; // invocations of a workgroup side by side
const TILES_AT_ONCE = {{ tiles_at_once }}u; // and below each other
const WEIGHT_SCALE = {{ weight_scale }}; // what the weights are multiplied with

// Four neighbours in row `row` of x from column `k`.
fn four(row: u32, k: u32) -> vec4<f32> {
  {{ four }}
}

// Four neighbours in row `k` of the panel that holds column `column`.
fn weight_at(column: u32, k: u32) -> vec4<f32> {
  let place = (column / 8u) * DEPTH * 2u + 2u * k + (column / 4u) % 2u;
  {{ weight_at }}
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
