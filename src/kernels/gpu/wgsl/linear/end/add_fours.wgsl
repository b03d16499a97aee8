
@group(0) @binding({{ residual_binding }}) var<storage, read> residual: array<vec4<f32>>;

// N is a multiple of 4.
fn finish(sum: vec4<f32>, index: u32) -> vec4<f32> {
  return sum + residual[index / 4u];
}
