//! From a hand and a shot to pixels.

pub(super) mod body;
pub(super) mod brush;
pub(super) mod details;
pub(super) mod drawing;
pub(super) mod layer;
pub(super) mod pose;
pub(super) mod surface;
pub(super) mod view;
