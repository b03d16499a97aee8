//! Configuration files of other projects.

pub(super) mod config_file;
pub(super) mod open_clip_json;
pub(super) mod transformers_json;
