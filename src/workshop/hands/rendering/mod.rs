//! From a hand and a shot to pixels.

mod body;
mod brush;
mod details;
pub(super) mod drawing;
mod jewellery;
mod layer;
mod nails;
pub(super) mod pose;
mod shade;
mod surface;
mod view;
