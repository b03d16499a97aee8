{{ enable }}
// What the kernels of a linear layer have in common: y[m, n] = finish(x[m, :] · weight[:, n] + bias[n]).
//
// weight is packed in panels of 8 columns: [⌈N / 8⌉, K, 8], F32 or F16; so is bias: [⌈N / 8⌉, 8], F32.

@group(0) @binding(0) var<storage, read> x: array<{{ number }}>;
@group(0) @binding(1) var<storage, read> weight: array<{{ weight_number }}>;
@group(0) @binding(2) var<storage, read> bias: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> count: array<u32>;
@group(0) @binding(4) var<storage, read_write> y: array<f32>;
{{ more }}

const DEPTH = {{ depth }}u;
const WIDTH = {{ width }}u;
const ROWS = {{ rows }}u; // of an invocation, which has four columns
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

fn finish(sum: vec4<f32>, place: u32) -> vec4<f32> {
  {{ finish }}
}

// Stores four columns of a row.
fn store(row: u32, column: u32, sum: vec4<f32>) {
  let place = row * WIDTH + column;
  let result = finish(sum + bias[column / 4u], place);
  for (var lane = 0u; lane < 4u && column + lane < WIDTH; lane += 1u) {
    y[place + lane] = result[lane];
  }
}

