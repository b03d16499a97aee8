//! The file formats of images, one per file or folder, and how a file is recognised.

pub(in crate::image) mod bmp;
mod color;
pub(in crate::image) mod foreign;
pub(in crate::image) mod gif;
pub(in crate::image) mod jpeg;
pub(in crate::image) mod png;
pub(in crate::image) mod pnm;
pub(in crate::image) mod sniff;
pub(in crate::image) mod tiff;
mod tiff_jpeg;

pub use sniff::is_known_format;
