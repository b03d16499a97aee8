//! Why the tensors of a file are not those of its network.

use crate::Error;
use crate::encoder::naming::layout::Source;
use crate::encoder::plan::tower_search::PlainNames;
use crate::encoder::{Architecture, Layout};

pub(crate) fn unknown(name: &str, config: &Architecture, layout: Layout) -> Error {
    Error::Checkpoint(format!(
        "tensor {name} does not belong to a CLIP image encoder of {} in {} layout",
        config.layers(),
        layout.name()
    ))
}

pub(crate) fn missing(Source { name, shape, .. }: &Source, names: &PlainNames) -> Error {
    match names.obstacle(name) {
        Some(why) => Error::Checkpoint(format!("tensor {name} cannot be used: {why}")),
        None => Error::Checkpoint(format!(
            "tensor {name} {shape:?}, which the configuration asks for, is missing among {} tensors",
            names.count()
        )),
    }
}

pub(crate) fn other_kind(config: &Architecture) -> Error {
    let found = match config {
        Architecture::Transformer(_) => "a ResNet",
        Architecture::ResNet(_) => "a Vision Transformer",
    };
    Error::Checkpoint(format!(
        "its tensors are those of {found}, but its configuration describes another network ({})",
        config.description()
    ))
}
