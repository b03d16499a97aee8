//! Image re-identification: who is on this picture, among those pictures?
//!
//! Every image becomes one unit-length [`embedding`] by CLIP's image encoder ([`encoder`]); the cosine
//! similarities of query and gallery embeddings order the gallery for each query ([`ranking`]), and
//! the ranks are summed up by the [`metrics`] of the field. The same code runs natively and, through
//! wasm-bindgen, in a web page. Where an encoder's weights are in a file is found by [`weights`].
//! What is known of the images is in [`labels`], what is saved and shown of an evaluation in [`results`].
//!
//! The data goes one way:
//!
//! ```text
//! file → image::decode → image::preprocess → encoder → embedding → ranking → metrics
//! ```

pub mod dataset;
pub mod doctor;
pub mod embedding;
#[cfg(feature = "encoder")]
pub mod encoder;
mod error;
pub mod evaluation;
pub mod exchange;
pub mod image;
#[cfg(feature = "encoder")]
pub mod kernels;
pub mod labels;
pub mod matching;
pub mod metrics;
pub mod protocols;
pub mod ranking;
pub mod refinement;
pub mod results;
mod seeded_random;
pub mod study;
#[cfg(target_arch = "wasm32")]
mod web;
pub mod weights;
#[cfg(any(feature = "hands", feature = "train"))]
pub mod workshop;

pub use error::{Error, Result};
