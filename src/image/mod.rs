//! From the bytes of a file to the encoder's input.
//!
//! ```text
//! bytes → decode → RgbImage → Preprocessor → [3, S, S]
//! ```
//!
//! Every step returns what Python returns: [`decode()`] is Pillow's
//! `ImageOps.exif_transpose(Image.open(file)).convert("RGB")`, [`Preprocessor`] is the image
//! processor of transformers on Pillow. `tests/api/image/parity.rs` compares them.

mod decode;
mod exif;
mod formats;
mod orientation;
mod preprocess;
mod resize;
mod rgb_image;
mod thumbnail;

pub use decode::decode;
pub use formats::is_known_format;
pub use preprocess::{CLIP_MEAN_STD, HALF_MEAN_STD, IMAGENET_MEAN_STD, Preprocessor};
pub use rgb_image::RgbImage;
pub use thumbnail::thumbnail;
