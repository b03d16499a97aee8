// softmax(q·kᵀ / √C)·v as in registers.wgsl, but keys and values come through the memory of the workgroup, and SPLIT
// invocations share a query: each has KEYS of a tile, and their sums are added up at the end. Lines with `part` in
// double braces are repeated for each part of a head's channels.

@group(0) @binding(0) var<storage, read> qkv: array<Channels>; // [B, T, 3W]
@group(0) @binding(1) var<storage, read_write> mixed: array<Channels>; // [B, T, W]

const TOKENS = {{ tokens }}u;
const HEADS = {{ heads }}u;
const PARTS = {{ parts }}u; // of a head's channels
const QUERIES = {{ queries }}u; // of a workgroup
const SPLIT = {{ split }}u;
const KEYS = {{ keys }}u; // of an invocation at once
const TILE = KEYS * SPLIT;
const THREADS = QUERIES * SPLIT;
const STRIDE = 3u * HEADS * PARTS;

// Keys, then values; at the end the sums of all but the first invocation of each query.
var<workgroup> tile: array<Channels, {{ tile }}>;
var<workgroup> all_largest: array<f32, THREADS>;
var<workgroup> all_shares: array<f32, THREADS>;

@compute @workgroup_size(QUERIES, SPLIT)
fn main(
  @builtin(workgroup_id) group: vec3<u32>,
  @builtin(local_invocation_id) local: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  let token = QUERIES * group.x + local.x;
  let head = group.y;
  let image = group.z;
  let first = image * TOKENS * STRIDE + head * PARTS;
  let query_place = first + min(token, TOKENS - 1u) * STRIDE;
  let query_{{ part }} = qkv[query_place + {{ part }}u] * {{ scale }};
  var sum_{{ part }} = Channels();
  var largest = -3.4e38;
  var shares = 0.0;
  for (var start = 0u; start < TOKENS; start += TILE) {
    workgroupBarrier();
    for (var at = thread; at < TILE * PARTS; at += THREADS) {
      let key = first + min(start + at / PARTS, TOKENS - 1u) * STRIDE + HEADS * PARTS + at % PARTS;
      tile[at] = qkv[key];
      tile[TILE * PARTS + at] = qkv[key + HEADS * PARTS];
    }
    workgroupBarrier();
    let own = local.y * KEYS;
    var scores: array<f32, KEYS>;
    var larger = largest;
    for (var key = 0u; key < KEYS; key += 1u) {
      let place = (own + key) * PARTS;
      var score = 0.0;
      score += product(query_{{ part }}, tile[place + {{ part }}u]);
      scores[key] = score;
      if (start + own + key < TOKENS) {
        larger = max(larger, score);
      }
    }
    let kept = exp(largest - larger);
    largest = larger;
    shares *= kept;
    sum_{{ part }} *= kept;
    for (var key = 0u; key < KEYS && start + own + key < TOKENS; key += 1u) {
      let place = (TILE + own + key) * PARTS;
      let share = exp(scores[key] - larger);
      shares += share;
      sum_{{ part }} += share * tile[place + {{ part }}u];
    }
  }
  all_largest[thread] = largest;
  workgroupBarrier();
  var larger = largest;
  for (var other = 0u; other < SPLIT; other += 1u) {
    larger = max(larger, all_largest[other * QUERIES + local.x]);
  }
  let kept = exp(largest - larger);
  all_shares[thread] = shares * kept;
  sum_{{ part }} *= kept;
  if (local.y > 0u) {
    let place = (thread - QUERIES) * PARTS;
    tile[place + {{ part }}u] = sum_{{ part }};
  }
  workgroupBarrier();
  if (local.y > 0u || token >= TOKENS) {
    return;
  }
  shares = 0.0;
  for (var other = 0u; other < SPLIT; other += 1u) {
    shares += all_shares[other * QUERIES + local.x];
  }
  for (var other = 1u; other < SPLIT; other += 1u) {
    let place = ((other - 1u) * QUERIES + local.x) * PARTS;
    sum_{{ part }} += tile[place + {{ part }}u];
  }
  let place = ((image * TOKENS + token) * HEADS + head) * PARTS;
  mixed[place + {{ part }}u] = sum_{{ part }} / shares;
}
