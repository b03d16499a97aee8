//! What is in a file that holds no image tower.

use crate::Error;
use crate::weights::Header;

/// Names of other networks' tensors, and whose they are.
const FOREIGN: [(&str, &str); 7] = [
    ("visual.trunk.", "its image tower is one of timm's (visual.trunk.…)"),
    ("vision_model.head.", "it is a SigLIP model"),
    ("vision_model.embeddings.patch_embedding", "its image tower has no class token, as SigLIP's"),
    ("embeddings.cls_token", "it is a Vision Transformer of transformers such as ViT or DINOv2"),
    ("cls_token", "it is a Vision Transformer of timm such as TransReID's or DINOv2's"),
    ("text_model.", "it is a text encoder"),
    ("exp_avg", "it is the state of an optimizer"),
];

/// Names what a file without a tower seems to be.
pub(crate) fn no_tower(header: &Header) -> Error {
    let first = header.tensors.first().map_or("none", |tensor| tensor.name.as_str());
    let mut foreign =
        FOREIGN.iter().filter(|(part, _)| header.tensors.iter().any(|tensor| tensor.name.contains(part)));
    let found = foreign.next().map_or_else(String::new, |(_, found)| format!("; {found}"));
    Error::Checkpoint(format!(
        "none of its {} tensors (first: {first}) is the class embedding or the attention pooling of a CLIP image \
         encoder{found}; expected the layout of transformers (vision_model.…), of OpenAI and OpenCLIP (visual.…), or \
         of CLIP-ReID (image_encoder.…)",
        header.tensors.len()
    ))
}
