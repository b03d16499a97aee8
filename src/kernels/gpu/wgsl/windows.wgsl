// Gathers the windows of a 3 × 3 convolution, with zeros beyond the edges: [B, H, W, C] → [B·⌈H / s⌉·⌈W / s⌉, 9·C].

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> windows: array<f32>;

const ROWS = {{ rows }}u;
const COLUMNS = {{ columns }}u;
const CHANNELS = {{ channels }}u;
const STRIDE = {{ stride }}u;
const OUT_ROWS = (ROWS + STRIDE - 1u) / STRIDE;
const OUT_COLUMNS = (COLUMNS + STRIDE - 1u) / STRIDE;
const DEPTH = 9u * CHANNELS;

@compute @workgroup_size({{ threads }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = id.x;
  let out_column = id.y;
  let out_row = id.z; // of all images, one after another
  if (at >= DEPTH) {
    return;
  }
  // One more than the row and column in the image: those of the border are 0.
  let row = out_row % OUT_ROWS * STRIDE + at / (3u * CHANNELS);
  let column = out_column * STRIDE + at / CHANNELS % 3u;
  var value = 0.0;
  if (row >= 1u && row <= ROWS && column >= 1u && column <= COLUMNS) {
    let first = ((out_row / OUT_ROWS * ROWS + row - 1u) * COLUMNS + column - 1u) * CHANNELS;
    value = x[first + at % CHANNELS];
  }
  windows[(out_row * OUT_COLUMNS + out_column) * DEPTH + at] = value;
}
