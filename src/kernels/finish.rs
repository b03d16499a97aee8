//! What follows a linear layer.

/// What is done to the result of a linear layer before it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finish {
    /// Nothing.
    None,
    /// QuickGELU of it.
    QuickGelu,
    /// GELU of it.
    Gelu,
    /// It, or 0 where it is below.
    Relu,
}
