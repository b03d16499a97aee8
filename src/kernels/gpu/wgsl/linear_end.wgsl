// The end of a linear layer; bias is packed like the weights: [⌈N / 8⌉, 8].

@group(0) @binding({{ y_binding }}) var<storage, read_write> y: array<{{ y_number }}>;
{{ more }}

const WIDTH = {{ width }}u;

fn finish(sum: vec4<f32>, place: u32) -> vec4<f32> {
  {{ finish }}
}

// Stores four columns of a row.
fn store(row: u32, column: u32, sum: vec4<f32>) {
  let place = row * WIDTH + column;
  let result = finish(sum{{ bias }}, place);
  {{ store }}
}

