//! What the program writes: to files, to the standard output and to stderr.

pub mod console;
pub mod destination;
pub mod evaluation_file;
pub mod failures;
pub mod files;
pub mod fingerprint;
