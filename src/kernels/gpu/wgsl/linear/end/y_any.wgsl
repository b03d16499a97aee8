
@group(0) @binding({{ y_binding }}) var<storage, read_write> y: array<f32>;

// Not beyond the end of the row.
fn write_four(index: u32, column: u32, result: vec4<f32>) {
  for (var lane = 0u; lane < 4u && column + lane < WIDTH; lane += 1u) {
    y[index + lane] = result[lane];
  }
}
