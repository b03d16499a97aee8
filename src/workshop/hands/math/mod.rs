//! Points, noise and random numbers.

pub(super) mod geometry;
pub(super) mod noise;
pub(super) mod random;
