//! What changes from picture to picture.

pub(super) mod background;
pub(super) mod film;
pub(super) mod jewellery;
pub(super) mod light;
pub(super) mod shot;
