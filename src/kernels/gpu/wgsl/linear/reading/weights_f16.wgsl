
@group(0) @binding(1) var<storage, read> weight: array<vec2<u32>>;

// Every adapter has `unpack2x16float`, even without `shader-f16`.
fn four_weights_at(index: u32) -> vec4<f32> {
  return vec4<f32>(unpack2x16float(weight[index].x), unpack2x16float(weight[index].y));
}
