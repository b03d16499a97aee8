//! Images: decoding and preprocessing.

mod odd_pictures;
mod parity;
