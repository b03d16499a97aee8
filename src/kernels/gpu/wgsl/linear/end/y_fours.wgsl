
@group(0) @binding({{ y_binding }}) var<storage, read_write> y: array<vec4<f32>>;

// N is a multiple of 4.
fn write_four(index: u32, column: u32, result: vec4<f32>) {
  y[index / 4u] = result;
}
