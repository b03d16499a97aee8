//! From what a weight file holds to what the encoder is and needs.

pub(super) mod errors;
pub(super) mod tower_plan;
pub(super) mod tower_search;
