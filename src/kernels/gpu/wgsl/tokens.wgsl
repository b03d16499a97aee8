// Adds the positional embedding to the patches, and puts the class token, which is its first row, before them:
// [B, T - 1, W], [T, W] → [B, T, W].

@group(0) @binding(0) var<storage, read> patches: array<f32>;
@group(0) @binding(1) var<storage, read> positions: array<f32>;
@group(0) @binding(2) var<storage, read_write> tokens: array<f32>;

const TOKENS = {{ tokens }}u;
const WIDTH = {{ width }}u;

@compute @workgroup_size({{ threads }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = id.x;
  let token = id.y;
  let image = id.z;
  if (at >= WIDTH) {
    return;
  }
  var sum = positions[token * WIDTH + at];
  if (token > 0u) {
    sum += patches[(image * (TOKENS - 1u) + token - 1u) * WIDTH + at];
  }
  tokens[(image * TOKENS + token) * WIDTH + at] = sum;
}
