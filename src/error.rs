//! The one error type of the crate.

/// What went wrong, with what was found and what is accepted.
///
/// Messages are shown to people as they are; the caller adds the name of the file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {}

/// A `Result` with the crate's [`enum@Error`].
pub type Result<T> = std::result::Result<T, Error>;
