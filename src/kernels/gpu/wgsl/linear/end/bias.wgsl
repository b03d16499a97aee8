
// Packed like the weights: [⌈N / PANEL_WIDTH⌉, PANEL_WIDTH]
@group(0) @binding({{ bias_binding }}) var<storage, read> bias: array<vec4<f32>>;

fn biased(sum: vec4<f32>, column: u32) -> vec4<f32> {
  return sum + bias[column / 4u];
}
