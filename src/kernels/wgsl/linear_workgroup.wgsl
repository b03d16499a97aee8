// A workgroup holds a tile of y in registers, and in its memory STEP columns of x and STEP rows of the weights. While it
// multiplies these it already reads the next ones. An invocation has eight columns: two times four, COLUMNS_AT_ONCE
// fours apart. Where there are few tiles, several workgroups share one: each has some rows of the weights, a multiple of
// STEP.
const STEP = 16u;
const HEIGHT = ROWS * TILES_AT_ONCE;
const FOURS = 2u * COLUMNS_AT_ONCE; // in a row of the tile
const THREADS = COLUMNS_AT_ONCE * TILES_AT_ONCE;
// Fours that an invocation reads for a step.
const X_READS = HEIGHT * STEP / 4u / THREADS;
const WEIGHT_READS = STEP * FOURS / THREADS;
const X_FACTOR = {{ x_factor }};
const WEIGHT_FACTOR = {{ weight_factor }};

var<workgroup> x_step: array<vec4<{{ part }}>, HEIGHT * STEP / 4u>; // [HEIGHT, STEP]
var<workgroup> weight_step: array<vec4<{{ part }}>, STEP * FOURS>; // [STEP, FOURS]

// Neighbouring invocations read neighbouring numbers; these are the row and column of one that is read.
fn x_place(at: u32) -> vec2<u32> {
  return vec2<u32>(at / (STEP / 4u), 4u * (at % (STEP / 4u)));
}

// Row of the weights, and which four columns.
fn weight_place(at: u32) -> vec2<u32> {
  return vec2<u32>((at / 2u) % STEP, 2u * (at / (2u * STEP)) + at % 2u);
}

fn fetch(
  thread: u32,
  first_row: u32,
  first_column: u32,
  start: u32,
  end: u32,
  next_x: ptr<function, array<vec4<f32>, X_READS>>,
  next_weight: ptr<function, array<vec4<f32>, WEIGHT_READS>>,
) {
  for (var at = 0u; at < X_READS; at += 1u) {
    let place = x_place(thread + at * THREADS);
    (*next_x)[at] = vec4<f32>();
    if (start + place.y < end) {
      (*next_x)[at] = four(min(first_row + place.x, sizes[0] - 1u), start + place.y);
    }
  }
  for (var at = 0u; at < WEIGHT_READS; at += 1u) {
    let place = weight_place(thread + at * THREADS);
    let column = first_column + 4u * place.y;
    (*next_weight)[at] = vec4<f32>();
    if (start + place.x < end && column < WIDTH) {
      (*next_weight)[at] = weight_at(column, start + place.x);
    }
  }
}

@compute @workgroup_size(COLUMNS_AT_ONCE, TILES_AT_ONCE)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let first_row = HEIGHT * group.y;
  let first_column = 4u * FOURS * group.x;
  let begin = sizes[1] * group.z;
  let end = min(begin + sizes[1], DEPTH);
  var next_x: array<vec4<f32>, X_READS>;
  var next_weight: array<vec4<f32>, WEIGHT_READS>;
  var left: array<vec4<f32>, ROWS>;
  var right: array<vec4<f32>, ROWS>;
  fetch(thread, first_row, first_column, begin, end, &next_x, &next_weight);
  for (var start = begin; start < end; start += STEP) {
    workgroupBarrier();
    for (var at = 0u; at < X_READS; at += 1u) {
      x_step[thread + at * THREADS] = vec4<{{ part }}>(next_x[at] * X_FACTOR);
    }
    for (var at = 0u; at < WEIGHT_READS; at += 1u) {
      let place = weight_place(thread + at * THREADS);
      weight_step[place.x * FOURS + place.y] = vec4<{{ part }}>(next_weight[at] * WEIGHT_FACTOR);
    }
    workgroupBarrier();
    if (start + STEP < end) {
      fetch(thread, first_row, first_column, start + STEP, end, &next_x, &next_weight);
    }
    {{ begin_step }}
    for (var k = 0u; k < STEP; k += 4u) {
      let left_0 = weight_step[k * FOURS + local.x];
      let left_1 = weight_step[(k + 1u) * FOURS + local.x];
      let left_2 = weight_step[(k + 2u) * FOURS + local.x];
      let left_3 = weight_step[(k + 3u) * FOURS + local.x];
      let right_0 = weight_step[k * FOURS + COLUMNS_AT_ONCE + local.x];
      let right_1 = weight_step[(k + 1u) * FOURS + COLUMNS_AT_ONCE + local.x];
      let right_2 = weight_step[(k + 2u) * FOURS + COLUMNS_AT_ONCE + local.x];
      let right_3 = weight_step[(k + 3u) * FOURS + COLUMNS_AT_ONCE + local.x];
      for (var row = 0u; row < ROWS; row += 1u) {
        let v = x_step[(ROWS * local.y + row) * (STEP / 4u) + k / 4u];
        // One after the other: each becomes one instruction.
        {{ into }}left[row] += v.x * left_0;
        {{ into }}left[row] += v.y * left_1;
        {{ into }}left[row] += v.z * left_2;
        {{ into }}left[row] += v.w * left_3;
        {{ into }}right[row] += v.x * right_0;
        {{ into }}right[row] += v.y * right_1;
        {{ into }}right[row] += v.z * right_2;
        {{ into }}right[row] += v.w * right_3;
      }
    }
    {{ end_step }}
  }
  for (var row = 0u; row < ROWS && first_row + ROWS * local.y + row < sizes[0]; row += 1u) {
    let y_row = sizes[0] * group.z + first_row + ROWS * local.y + row;
    let column = first_column + 4u * local.x;
    if (column < WIDTH) {
      store(y_row, column, left[row] / (WEIGHT_SCALE * X_FACTOR * WEIGHT_FACTOR));
    }
    if (column + 4u * COLUMNS_AT_ONCE < WIDTH) {
      store(y_row, column + 4u * COLUMNS_AT_ONCE, right[row] / (WEIGHT_SCALE * X_FACTOR * WEIGHT_FACTOR));
    }
  }
}
