
@group(0) @binding({{ residual_binding }}) var<storage, read> residual: array<f32>;

// Not beyond the end of the row.
fn finish(sum: vec4<f32>, index: u32) -> vec4<f32> {
  var values = vec4<f32>();
  for (var lane = 0u; lane < 4u && index % WIDTH + lane < WIDTH; lane += 1u) {
    values[lane] = residual[index + lane];
  }
  return sum + values;
}
