//! The network that is trained.

pub(super) mod checkpoint;
pub(super) mod forward;
pub(super) mod guide;
pub(super) mod initialise;
pub(super) mod learner;
