//! From the bytes of a file to the encoder's input.
//!
//! ```text
//! bytes → decode → RgbImage → Preprocessor → [3, S, S]
//! ```
//!
//! Every step gives what Python gives: [`decode()`] is Pillow's
//! `ImageOps.exif_transpose(Image.open(file)).convert("RGB")`, [`Preprocessor`] is the image
//! processor of transformers on Pillow. `tests/api/image_parity.rs` compares them.

mod bmp;
mod color;
mod decode;
mod exif;
mod filter;
mod foreign;
mod gif;
mod jpeg;
mod normalization;
mod orientation;
mod pair_sums;
mod png;
mod pnm;
mod preprocess;
mod preprocessor_config;
mod resize;
mod rgb_image;
mod row_pairs;
mod sniff;
mod thumbnail;
mod tiff;
mod tiff_jpeg;
mod window;

pub use decode::decode;
pub use normalization::{CLIP_MEAN_STD, HALF_MEAN_STD, IMAGENET_MEAN_STD};
pub use preprocess::Preprocessor;
pub use rgb_image::RgbImage;
pub use sniff::is_known_format;
pub use thumbnail::thumbnail;
