//! From the loss to new weights.

pub(super) mod loss;
pub(super) mod optimizer;
pub(super) mod pass;
pub(super) mod schedule;
