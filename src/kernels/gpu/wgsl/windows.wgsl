// Gathers what each kernel of 3 × 3 sees, zeros beyond the edges: [B, H, W, C] → [B·⌈H / s⌉·⌈W / s⌉, 9·C].

@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<storage, read_write> seen: array<f32>;

const ROWS = {{ rows }}u;
const COLUMNS = {{ columns }}u;
const CHANNELS = {{ channels }}u;
const STRIDE = {{ stride }}u;
const LINES = (ROWS + STRIDE - 1u) / STRIDE;
const PLACES = (COLUMNS + STRIDE - 1u) / STRIDE;
const DEPTH = 9u * CHANNELS;

@compute @workgroup_size({{ threads }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let at = id.x;
  let place = id.y;
  let line = id.z; // of all images, one after another
  if (at >= DEPTH) {
    return;
  }
  // One more than the row and column in the picture: the border's are 0.
  let row = line % LINES * STRIDE + at / (3u * CHANNELS);
  let column = place * STRIDE + at / CHANNELS % 3u;
  var number = 0.0;
  if (row >= 1u && row <= ROWS && column >= 1u && column <= COLUMNS) {
    let first = ((line / LINES * ROWS + row - 1u) * COLUMNS + column - 1u) * CHANNELS;
    number = x[first + at % CHANNELS];
  }
  seen[(line * PLACES + place) * DEPTH + at] = number;
}
