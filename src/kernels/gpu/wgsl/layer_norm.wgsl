// Layer norm of each row, one workgroup per row.

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read> weights: array<f32>; // [2, W]: gamma and beta
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

const WIDTH = {{ width }}u;
const THREADS = {{ threads }}u;

var<workgroup> parts: array<f32, THREADS>;

// The sum of the parts of all invocations.
fn total(part: f32, thread: u32) -> f32 {
  workgroupBarrier();
  parts[thread] = part;
  for (var half = THREADS / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if (thread < half) {
      parts[thread] += parts[thread + half];
    }
  }
  workgroupBarrier();
  return parts[0];
}

@compute @workgroup_size(THREADS)
fn main(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let row = group.x * WIDTH;
  var sum = 0.0;
  for (var at = thread; at < WIDTH; at += THREADS) {
    sum += x[row + at];
  }
  let mean = total(sum, thread) / f32(WIDTH);
  var squares = 0.0;
  for (var at = thread; at < WIDTH; at += THREADS) {
    let difference = x[row + at] - mean;
    squares += difference * difference;
  }
  let scale = inverseSqrt(total(squares, thread) / f32(WIDTH) + {{ epsilon }});
  for (var at = thread; at < WIDTH; at += THREADS) {
    y[row + at] = (x[row + at] - mean) * scale * weights[at] + weights[WIDTH + at];
  }
}
