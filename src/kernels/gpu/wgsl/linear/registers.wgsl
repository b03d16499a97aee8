
// An invocation holds a tile of y in registers: ROWS rows, four columns.
@compute @workgroup_size(COLUMNS_AT_ONCE, TILES_AT_ONCE)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = 4u * id.x;
  let first = ROWS * id.y;
  if (column >= WIDTH || first >= sizes[0]) {
    return;
  }
  let last = sizes[0] - 1u;
  var sum_{{ row }} = vec4<f32>();
  for (var k = 0u; k < DEPTH; k += 4u) {
    let weights = mat4x4<f32>(
      weight_at(column, k), weight_at(column, k + 1u), weight_at(column, k + 2u), weight_at(column, k + 3u),
    );
    sum_{{ row }} = plus_products(sum_{{ row }}, four(min(first + {{ row }}u, last), k), weights);
  }
  var sums = array<vec4<f32>, ROWS>(
    sum_{{ row }},
  );
  for (var row = 0u; row < ROWS && first + row <= last; row += 1u) {
    store(first + row, column, sums[row] / WEIGHT_SCALE);
  }
}
