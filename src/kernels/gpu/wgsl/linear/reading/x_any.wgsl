
@group(0) @binding(0) var<storage, read> x: array<f32>;

// Four neighbours in row `row` of x from column `k`; beyond the end of the row they are 0.
fn four(row: u32, k: u32) -> vec4<f32> {
  var values = vec4<f32>();
  for (var lane = 0u; lane < 4u && k + lane < DEPTH; lane += 1u) {
    values[lane] = x[row * DEPTH + k + lane];
  }
  return values;
}
