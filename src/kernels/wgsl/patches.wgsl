// Cuts images into flat patches: [B, 3, S, S] → [B·G·G, 3·P·P].

@group(0) @binding(0) var<storage, read> pixels: array<f32>;
@group(0) @binding(1) var<storage, read_write> rows: array<f32>;

const SIDE = {{ side }}u;
const PATCH = {{ patch }}u;
const GRID = {{ grid }}u;
const DEPTH = 3u * PATCH * PATCH;

@compute @workgroup_size({{ threads }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = id.x;
  let patch_index = id.y;
  let image = id.z;
  if (at >= DEPTH) {
    return;
  }
  let channel = at / (PATCH * PATCH);
  let line = (patch_index / GRID) * PATCH + at / PATCH % PATCH;
  let column = (patch_index % GRID) * PATCH + at % PATCH;
  rows[(image * GRID * GRID + patch_index) * DEPTH + at] =
      pixels[((image * 3u + channel) * SIDE + line) * SIDE + column];
}
