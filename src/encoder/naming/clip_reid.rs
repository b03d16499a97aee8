//! What CLIP-ReID and CLIP-HandID store beside their encoder.
//!
//! Source: Syliz517/CLIP-ReID@eb1898b `model/make_model.py` and nathanlem1/CLIP-HandID@134daf4
//! `model/make_model_handID.py`.

use super::source::{Arrangement, TensorSource};
use crate::encoder::VitConfig;
use crate::encoder::batch_norm::BatchNormPart;
use crate::encoder::family::NetworkTensor;
use crate::encoder::vit::tensor::{NeckNorm, VitTensor};

/// The embeddings of cameras and viewpoints.
pub const CAMERAS: &str = "cv_embed";

/// The names of the batch norms after the encoder.
pub fn neck_names() -> impl Iterator<Item = String> {
    NeckNorm::BOTH.into_iter().flat_map(|norm| BatchNormPart::ALL.map(|part| neck_name(norm, part)))
}

fn neck_name(norm: NeckNorm, part: BatchNormPart) -> String {
    let norm = match norm {
        NeckNorm::Pooled => "bottleneck",
        NeckNorm::Projected => "bottleneck_proj",
    };
    format!("{norm}.{}", part.name())
}

/// The tensors beside the encoder that a network needs.
///
/// - `root`: before their names in the file
pub fn sources(config: &VitConfig, root: &str) -> Vec<TensorSource> {
    let necks = NeckNorm::BOTH
        .into_iter()
        .flat_map(|norm| BatchNormPart::ALL.map(|part| (neck_name(norm, part), VitTensor::Neck(norm, part))));
    let all = necks.chain([(CAMERAS.into(), VitTensor::CameraEmbedding)]);
    let sources = all.filter_map(|(name, tensor)| {
        Some(TensorSource {
            name: format!("{root}{name}"),
            shape: tensor.shape(config)?,
            parts: vec![(NetworkTensor::Vit(tensor), Arrangement::Whole)],
        })
    });
    sources.collect()
}
