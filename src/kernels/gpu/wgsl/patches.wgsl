// Cuts images into flat patches: [B, 3, H, W] → [B·G, 3·P·P].

@group(0) @binding(0) var<storage, read> pixels: array<f32>;
@group(0) @binding(1) var<storage, read_write> rows: array<f32>;

const HEIGHT = {{ height }}u;
const WIDTH = {{ width }}u;
const PATCH = {{ patch }}u;
// From one patch to the next; they overlap if it is less than PATCH.
const STRIDE = {{ stride }}u;
// Patches along the width, and in all.
const ACROSS = {{ across }}u;
const PATCHES = {{ patches }}u;
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
  let line = (patch_index / ACROSS) * STRIDE + at / PATCH % PATCH;
  let column = (patch_index % ACROSS) * STRIDE + at % PATCH;
  rows[(image * PATCHES + patch_index) * DEPTH + at] =
      pixels[((image * 3u + channel) * HEIGHT + line) * WIDTH + column];
}
