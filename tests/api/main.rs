//! Tests of the crate from outside, in one program: linking is what takes long.
//!
//! They run natively and, but for what only exists natively, in a browser's worker.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at the first surprise")]

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod command_line;
mod dataset;
mod doctor;
#[cfg(feature = "encoder")]
mod encoder;
mod evaluation;
mod exchange;
#[cfg(feature = "hands")]
mod hands;
mod image;
#[cfg(feature = "encoder")]
mod kernels;
mod metrics;
mod protocols;
mod refinement;
mod study;
mod support;
#[cfg(feature = "train")]
mod train;
mod weights;
