
// A workgroup holds a tile of y in registers, and in its memory STEP columns of x and STEP rows of the weights. While
// it multiplies these, it already reads the next ones. An invocation has eight columns: twice four, COLUMNS_AT_ONCE
// fours apart. Where there are few tiles, several workgroups share one: each has some rows of the weights, a multiple
// of STEP.
const STEP = 16u;
const HEIGHT = ROWS * TILES_AT_ONCE;
const FOURS = 2u * COLUMNS_AT_ONCE; // in a row of the tile
const THREADS = COLUMNS_AT_ONCE * TILES_AT_ONCE;
const X_FACTOR = {{ x_factor }};
const WEIGHT_FACTOR = {{ weight_factor }};

var<workgroup> x_step: array<vec4<{{ part }}>, HEIGHT * STEP / 4u>; // [HEIGHT, STEP]
var<workgroup> weight_step: array<vec4<{{ part }}>, STEP * FOURS>; // [STEP, FOURS]

// Neighbouring invocations read neighbouring values; this is the row and column of one that is read.
fn x_place(at: u32) -> vec2<u32> {
  return vec2<u32>(at / (STEP / 4u), 4u * (at % (STEP / 4u)));
}

// Row of the weights, and which four columns.
fn weight_place(at: u32) -> vec2<u32> {
  return vec2<u32>((at / 2u) % STEP, 2u * (at / (2u * STEP)) + at % 2u);
}

// What x_step has at `at` for the step from `start`.
fn fetch_x(at: u32, first_row: u32, start: u32, end: u32) -> vec4<f32> {
  let place = x_place(at);
  if (start + place.y >= end) {
    return vec4<f32>();
  }
  return four(min(first_row + place.x, sizes[0] - 1u), start + place.y);
}

fn fetch_weight(at: u32, first_column: u32, start: u32, end: u32) -> vec4<f32> {
  let place = weight_place(at);
  let column = first_column + 4u * place.y;
  if (start + place.x >= end || column >= WIDTH) {
    return vec4<f32>();
  }
  return weight_at(column, start + place.x);
}

fn keep_weight(at: u32, weight: vec4<f32>) {
  let place = weight_place(at);
  weight_step[place.x * FOURS + place.y] = vec4<{{ part }}>(weight * WEIGHT_FACTOR);
}

// Four rows of the weights from row `k` of the step.
fn step_weights(at: u32, k: u32) -> mat4x4<{{ part }}> {
  let place = k * FOURS + at;
  return mat4x4<{{ part }}>(
    weight_step[place], weight_step[place + FOURS], weight_step[place + 2u * FOURS], weight_step[place + 3u * FOURS],
  );
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
  var next_x_{{ x_read }} = fetch_x(thread + {{ x_read }}u * THREADS, first_row, begin, end);
  var next_weight_{{ weight_read }} = fetch_weight(thread + {{ weight_read }}u * THREADS, first_column, begin, end);
  var left_{{ row }} = vec4<f32>();
  var right_{{ row }} = vec4<f32>();
  for (var start = begin; start < end; start += STEP) {
    workgroupBarrier();
    x_step[thread + {{ x_read }}u * THREADS] = vec4<{{ part }}>(next_x_{{ x_read }} * X_FACTOR);
    keep_weight(thread + {{ weight_read }}u * THREADS, next_weight_{{ weight_read }});
    workgroupBarrier();
    let next = start + STEP;
    if (next < end) {
      next_x_{{ x_read }} = fetch_x(thread + {{ x_read }}u * THREADS, first_row, next, end);
      next_weight_{{ weight_read }} = fetch_weight(thread + {{ weight_read }}u * THREADS, first_column, next, end);
    }
    {{ step }}
  }
  var sums = array<array<vec4<f32>, 2>, ROWS>(
    array<vec4<f32>, 2>(left_{{ row }}, right_{{ row }}),
  );
  for (var row = 0u; row < ROWS && first_row + ROWS * local.y + row < sizes[0]; row += 1u) {
    let y_row = sizes[0] * group.z + first_row + ROWS * local.y + row;
    for (var half = 0u; half < 2u; half += 1u) {
      let column = first_column + 4u * (local.x + half * COLUMNS_AT_ONCE);
      if (column < WIDTH) {
        store(y_row, column, sums[row][half] / (WEIGHT_SCALE * X_FACTOR * WEIGHT_FACTOR));
      }
    }
  }
}
