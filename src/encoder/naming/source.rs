//! A tensor of a file, and which tensors of the network are in it.

use std::ops::Range;

use crate::encoder::family::NetworkTensor;

/// A tensor of a file, and what the encoder makes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TensorSource {
    /// Its name in the file.
    pub name: String,
    /// Its shape in the file.
    pub shape: Vec<usize>,
    /// Tensors of the network, and where in this one each of them is.
    pub(crate) parts: Vec<(NetworkTensor, Arrangement)>,
}

/// How a tensor of the network is stored in one of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrangement {
    /// As it is.
    Whole,
    /// In some of its rows.
    Rows(Range<usize>),
    /// Rows and columns swapped.
    Transposed,
}
