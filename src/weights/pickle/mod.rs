//! Pickles as torch writes them, read without running anything.
//!
//! A pickle is a program for a stack machine. This machine has Python's instructions of protocol 2 to 5 but
//! none of its functions: what the program calls is looked up in [`global`], which knows the few names that
//! describe tensors; any other class or function returns an empty object that remembers its name.
//!
//! Source: python/cpython v3.13 `Lib/pickletools.py`; what torch writes: pytorch/pytorch v2.7
//! `torch/_utils.py`, `torch/serialization.py`, `torch/csrc/jit/serialization/pickler.cpp`.

mod call;
mod cursor;
mod global;
mod machine;
mod stack;
mod value;

pub(super) use cursor::Halt;
pub(super) use value::{Node, Object, Pickle, Span, Storage, Tensor, Value};

use machine::Machine;

use super::refuse;

/// Larger pickles are refused: that of 10,000 tensors has about 2 MB.
pub const MAX_PICKLE_BYTES: u64 = 1 << 24;

/// A pickle that makes more values than this is refused: a tensor takes about 25.
pub const MAX_VALUES: usize = 1 << 20;

/// Interprets the pickle at the beginning of `bytes`.
///
/// # Errors
///
/// [`Halt::Ends`] if `bytes` end before the pickle does; [`Halt::Refused`] if it is malformed, too large, or would
/// run something.
pub(super) fn interpret(bytes: &[u8]) -> Result<Pickle<'_>, Halt> {
    Machine::new(bytes).run()
}
