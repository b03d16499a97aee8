//! Configuration files of other projects, one file for each format.

pub(super) mod config_file;
pub(super) mod open_clip_json;
mod side;
pub(super) mod transformers_json;
