//! From what a weight file holds to what the encoder is and needs.

pub(super) mod errors;
pub(super) mod no_tower;
pub(super) mod plain_names;
pub(super) mod shapes;
pub(super) mod tower_plan;
pub(super) mod tower_search;
