// softmax(q·kᵀ / √C)·v, one invocation for each query of each head. The scores are not kept: whenever a larger score
// appears, the sums so far are scaled down (Milakov and Gimelshein 2018, "Online normalizer calculation for softmax").
// Lines with `part` in double braces are repeated for each part of a head's channels.

@group(0) @binding(0) var<storage, read> qkv: array<Channels>; // [B, T, 3W]
@group(0) @binding(1) var<storage, read_write> mixed: array<Channels>; // [B, T, W]

const TOKENS = {{ tokens }}u;
const HEADS = {{ heads }}u;
const PARTS = {{ parts }}u; // of a head's channels

@compute @workgroup_size({{ threads }})
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let token = id.x;
  let head = id.y;
  let image = id.z;
  if (token >= TOKENS) {
    return;
  }
  let stride = 3u * HEADS * PARTS;
  let first = image * TOKENS * stride + head * PARTS;
  let query_{{ part }} = qkv[first + token * stride + {{ part }}u] * {{ scale }};
  var sum_{{ part }} = Channels();
  var largest = -3.4e38;
  var shares = 0.0;
  for (var other = 0u; other < TOKENS; other += 1u) {
    let key = first + other * stride + HEADS * PARTS;
    var score = 0.0;
    score += product(query_{{ part }}, qkv[key + {{ part }}u]);
    let larger = max(largest, score);
    let kept = exp(largest - larger);
    let share = exp(score - larger);
    largest = larger;
    shares = shares * kept + share;
    let value = key + HEADS * PARTS;
    sum_{{ part }} = sum_{{ part }} * kept + share * qkv[value + {{ part }}u];
  }
  let first_out = ((image * TOKENS + token) * HEADS + head) * PARTS;
  mixed[first_out + {{ part }}u] = sum_{{ part }} / shares;
}
