/// What is wrong with a file of embeddings or labels, and what is accepted instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// A `.npy` file that holds no matrix of floating-point numbers.
    #[error("the .npy file cannot be used: {0}")]
    Npy(String),
}
