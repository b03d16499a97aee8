
@group(0) @binding(0) var<storage, read> x: array<vec4<f32>>;

// Four neighbours in row `row` of x from column `k`; K is a multiple of 4.
fn four(row: u32, k: u32) -> vec4<f32> {
  return x[(row * DEPTH + k) / 4u];
}
