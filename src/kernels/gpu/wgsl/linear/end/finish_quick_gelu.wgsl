
fn finish(sum: vec4<f32>, index: u32) -> vec4<f32> {
  return sum / (1.0 + exp(-1.702 * sum));
}
