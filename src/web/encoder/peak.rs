//! The roof of this machine, for the benchmark.

use wasm_bindgen::prelude::*;

use crate::kernels;

/// Multiplies matrices in the cache, on one thread; returns the number of multiplications and additions.
#[wasm_bindgen(js_name = productsInCache)]
pub fn products_in_cache(times: usize) -> f64 {
    kernels::products_in_cache(times) as f64
}
