// An invocation holds a tile of y in registers.
@compute @workgroup_size(COLUMNS_AT_ONCE, TILES_AT_ONCE)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = 4u * id.x;
  let first = ROWS * id.y;
  if (column >= WIDTH || first >= sizes[0]) {
    return;
  }
  let last = sizes[0] - 1u;
  var sums: array<vec4<f32>, ROWS>;
  for (var k = 0u; k < DEPTH; k += 4u) {
    let w0 = weight_at(column, k);
    let w1 = weight_at(column, k + 1u);
    let w2 = weight_at(column, k + 2u);
    let w3 = weight_at(column, k + 3u);
    for (var row = 0u; row < ROWS; row += 1u) {
      let v = four(min(first + row, last), k);
      sums[row] += v.x * w0 + v.y * w1 + v.z * w2 + v.w * w3;
    }
  }
  for (var row = 0u; row < ROWS && first + row <= last; row += 1u) {
    store(first + row, column, sums[row] / WEIGHT_SCALE);
  }
}
