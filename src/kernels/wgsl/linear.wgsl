// y[m, n] = finish(x[m, :] · weight[:, n] + bias[n]). An invocation holds a tile of y in registers.
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
const ROWS = {{ rows }}u;
const WEIGHT_SCALE = {{ weight_scale }}; // what the weights are multiplied with

// Four neighbours in row `row` of x from column `k`.
fn four(row: u32, k: u32) -> vec4<f32> {
  {{ four }}
}

// Four neighbours in a row of a panel.
fn weight_at(place: u32) -> vec4<f32> {
  {{ weight_at }}
}

fn finish(sum: vec4<f32>, place: u32) -> vec4<f32> {
  {{ finish }}
}

@compute @workgroup_size({{ columns_at_once }}, {{ tiles_at_once }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = 4u * id.x;
  let first = ROWS * id.y;
  if (column >= WIDTH || first >= count[0]) {
    return;
  }
  let last = count[0] - 1u;
  let panel = (column / 8u) * DEPTH * 2u + (column / 4u) % 2u;
  var sums: array<vec4<f32>, ROWS>;
  for (var k = 0u; k < DEPTH; k += 4u) {
    let w0 = weight_at(panel + 2u * k);
    let w1 = weight_at(panel + 2u * k + 2u);
    let w2 = weight_at(panel + 2u * k + 4u);
    let w3 = weight_at(panel + 2u * k + 6u);
    for (var row = 0u; row < ROWS; row += 1u) {
      let v = four(min(first + row, last), k);
      sums[row] += v.x * w0 + v.y * w1 + v.z * w2 + v.w * w3;
    }
  }
  for (var row = 0u; row < ROWS && first + row <= last; row += 1u) {
    let place = (first + row) * WIDTH + column;
    let result = finish(sums[row] / WEIGHT_SCALE + bias[column / 4u], place);
    for (var lane = 0u; lane < 4u && column + lane < WIDTH; lane += 1u) {
      y[place + lane] = result[lane];
    }
  }
}
