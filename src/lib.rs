//! Image re-identification.
