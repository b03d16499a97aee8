//! What of a hand stays the same in every picture.

pub(super) mod anatomy;
pub(super) mod creases;
pub(super) mod identity;
pub(super) mod marks;
pub(super) mod nails;
pub(super) mod skin;
pub(super) mod traits;
pub(super) mod veins;
