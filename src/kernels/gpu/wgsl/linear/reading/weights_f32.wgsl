
@group(0) @binding(1) var<storage, read> weight: array<vec4<f32>>;

fn four_weights_at(index: u32) -> vec4<f32> {
  return weight[index];
}
