//! What a person can choose about a model, and what is assumed if nobody does.

pub(super) mod arithmetic;
pub(super) mod assumption;
pub(super) mod augmentation;
pub(super) mod choices;
pub(super) mod conflicts;
pub(super) mod heads;
pub(super) mod input_size;
pub(super) mod preprocessing;
