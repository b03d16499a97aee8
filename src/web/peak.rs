//! The roof of this machine, for the benchmark.

use wasm_bindgen::prelude::*;

use crate::kernels;

/// GFLOP/s of products of matrices in the cache, on one thread, measured for so many milliseconds.
#[wasm_bindgen(js_name = productPeak)]
pub fn product_peak(milliseconds: f64) -> f64 {
    kernels::product_peak(milliseconds, js_sys::Date::now)
}
