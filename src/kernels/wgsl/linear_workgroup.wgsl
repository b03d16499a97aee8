// A workgroup holds a tile of y in registers, and in its memory STEP columns of x and STEP rows of the weights.
const STEP = 16u;
const HEIGHT = ROWS * TILES_AT_ONCE;
const THREADS = COLUMNS_AT_ONCE * TILES_AT_ONCE;
const X_FACTOR = {{ x_factor }};
const WEIGHT_FACTOR = {{ weight_factor }};

var<workgroup> x_step: array<{{ part }}, STEP * HEIGHT>; // [STEP, HEIGHT]
var<workgroup> weight_step: array<vec4<{{ part }}>, STEP * COLUMNS_AT_ONCE>; // [STEP, COLUMNS_AT_ONCE]

// Neighbouring invocations read neighbouring numbers.
fn read_x(thread: u32, first: u32, start: u32) {
  for (var at = thread; at < HEIGHT * STEP / 4u; at += THREADS) {
    let row = at / (STEP / 4u);
    let k = 4u * (at % (STEP / 4u));
    var numbers = vec4<f32>();
    if (start + k < DEPTH) {
      numbers = four(min(first + row, count[0] - 1u), start + k) * X_FACTOR;
    }
    for (var lane = 0u; lane < 4u; lane += 1u) {
      x_step[(k + lane) * HEIGHT + row] = {{ part }}(numbers[lane]);
    }
  }
}

fn read_weights(thread: u32, first: u32, start: u32) {
  for (var at = thread; at < STEP * COLUMNS_AT_ONCE; at += THREADS) {
    let k = (at / 2u) % STEP;
    let four_columns = 2u * (at / (2u * STEP)) + at % 2u;
    let column = first + 4u * four_columns;
    var numbers = vec4<f32>();
    if (start + k < DEPTH && column < WIDTH) {
      numbers = weight_at(column, start + k) * WEIGHT_FACTOR;
    }
    weight_step[k * COLUMNS_AT_ONCE + four_columns] = vec4<{{ part }}>(numbers);
  }
}

@compute @workgroup_size(COLUMNS_AT_ONCE, TILES_AT_ONCE)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let first_row = HEIGHT * group.y;
  let first_column = 4u * COLUMNS_AT_ONCE * group.x;
  var sums: array<vec4<f32>, ROWS>;
  for (var start = 0u; start < DEPTH; start += STEP) {
    workgroupBarrier();
    read_x(thread, first_row, start);
    read_weights(thread, first_column, start);
    workgroupBarrier();
    // Not left to the declaration: Chromium 156 on SwiftShader sets it to 0 in the first round only.
    var parts: array<vec4<{{ part }}>, ROWS>;
    for (var row = 0u; row < ROWS; row += 1u) {
      parts[row] = vec4<{{ part }}>();
    }
    for (var k = 0u; k < STEP; k += 1u) {
      let w = weight_step[k * COLUMNS_AT_ONCE + local.x];
      for (var row = 0u; row < ROWS; row += 1u) {
        parts[row] += x_step[k * HEIGHT + ROWS * local.y + row] * w;
      }
    }
    for (var row = 0u; row < ROWS; row += 1u) {
      sums[row] += vec4<f32>(parts[row]);
    }
  }
  let column = first_column + 4u * local.x;
  let first = first_row + ROWS * local.y;
  if (column >= WIDTH) {
    return;
  }
  for (var row = 0u; row < ROWS && first + row < count[0]; row += 1u) {
    store(first + row, column, sums[row] / (WEIGHT_SCALE * X_FACTOR * WEIGHT_FACTOR));
  }
}
