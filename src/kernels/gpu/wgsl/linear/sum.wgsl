// The end of a linear layer whose tiles were shared by several workgroups: adds up their sums.

@group(0) @binding(0) var<storage, read> sums: array<vec4<f32>>; // [SHARES, M, N]
@group(0) @binding(1) var<storage, read> sizes: array<u32>; // M, …, SHARES

@compute @workgroup_size({{ threads }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let column = 4u * id.x;
  if (column >= WIDTH) {
    return;
  }
  let index = (id.y * WIDTH + column) / 4u;
  var sum = vec4<f32>();
  for (var share = 0u; share < sizes[2]; share += 1u) {
    sum += sums[share * sizes[0] * WIDTH / 4u + index];
  }
  store(id.y, column, sum);
}
