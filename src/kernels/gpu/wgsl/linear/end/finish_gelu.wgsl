
// x · Φ(x), by the same formula as on the CPU (functions.rs).
fn finish(x: vec4<f32>, index: u32) -> vec4<f32> {
  let size = abs(x) * 0.70710678;
  let t = 1.0 / (1.0 + size * 0.3275911);
  let polynomial = ((((1.0614054 * t - 1.453152) * t + 1.4214137) * t - 0.28449674) * t + 0.2548296) * t;
  return max(x, vec4<f32>()) - 0.5 * abs(x) * polynomial * exp(-size * size);
}
