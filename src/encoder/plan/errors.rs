//! Why the tensors of a file are not those of its network.

use super::plain_names::PlainNames;
use crate::Error;
use crate::encoder::Architecture;
use crate::encoder::family::Family;
use crate::encoder::naming::Naming;
use crate::encoder::naming::source::TensorSource;

pub(crate) fn unknown(name: &str, config: &Architecture, naming: Naming) -> Error {
    Error::Checkpoint(format!(
        "tensor {name} does not belong to a CLIP image encoder of {} in {} layout",
        config.layers(),
        naming.name()
    ))
}

pub(crate) fn missing(TensorSource { name, shape, .. }: &TensorSource, names: &PlainNames) -> Error {
    match names.obstacle(name) {
        Some(why) => Error::Checkpoint(format!("tensor {name} cannot be used: {why}")),
        None => Error::Checkpoint(format!(
            "tensor {name} {shape:?}, which the configuration asks for, is missing among {} tensors",
            names.count()
        )),
    }
}

/// - `found`: by the tensors
pub(crate) fn other_family(found: Family, config: &Architecture) -> Error {
    Error::Checkpoint(format!(
        "its tensors are those of {}, but its configuration describes another network ({})",
        found.in_words(),
        config.description()
    ))
}
