//! `.npy` files, as numpy saves one array.
//!
//! ```text
//! 0  "\x93NUMPY"
//! 6  version: 1, 2 or 3, then 0
//! 8  length of the header: u16 in version 1, else u32
//!    header: a Python dictionary, {'descr': '<f4', 'fortran_order': False, 'shape': (3, 512), }
//!    the numbers
//! ```
//!
//! Source: numpy 2.4 `numpy/lib/_format_impl.py`, section "Format Version 1.0" and on.

mod header;
mod read;
mod write;

use super::ExchangeError;
pub use read::read_npy;
pub use write::{npy_header, write_npy};

const MAGIC: &[u8] = b"\x93NUMPY";

fn refuse(found: impl Into<String>) -> ExchangeError {
    ExchangeError::Npy(found.into())
}
