
// The end of a linear layer.

const WIDTH = {{ width }}u;

// Stores four columns of a row.
fn store(row: u32, column: u32, sum: vec4<f32>) {
  let index = row * WIDTH + column;
  write_four(index, column, finish(biased(sum, column), index));
}
