//! Which part of a Vision Transformer's output the embedding is.

use super::config::{Feature, VitConfig};
use super::tensor::VitTensor;
use crate::Result;
use crate::encoder::Architecture;
use crate::encoder::naming::Naming;
use crate::encoder::naming::clip_reid::neck_names;
use crate::encoder::options::assumption::Assumption;
use crate::encoder::options::choices::Choices;
use crate::encoder::plan::shapes::Shapes;
use crate::encoder::plan::tower_search::Tower;

/// Length of the projected token; `None` if there is no projection.
pub(crate) fn projected(shapes: &Shapes, naming: Naming) -> Result<Option<usize>> {
    match naming.vit().find(VitTensor::Projection) {
        Some((name, is_transposed)) if shapes.contains(&name) => {
            Ok(Some(shapes.of::<2>(&name)?[usize::from(is_transposed)]))
        }
        _ => Ok(None),
    }
}

/// The network with the embedding that was chosen among those that the file has weights for, and what can be chosen.
///
/// No configuration says which embedding is meant, so there is a choice even with a configuration.
pub(crate) fn with_feature(
    config: Architecture,
    shapes: &Shapes,
    tower: &Tower,
    choices: &Choices,
) -> (Architecture, Option<Assumption>) {
    let Architecture::Vit(config) = config else { return (config, None) };
    let has_neck = has_neck(shapes, tower);
    let (feature, assumption): (_, fn(_) -> _) = match choices.feature {
        _ if !shapes.contains(&tower.naming.vit().name(VitTensor::Projection)) => {
            (Feature::Pooled, |_| Some(pooled()))
        }
        Some(chosen) if !has_neck => (chosen, |chosen| Some(of_clip(chosen))),
        None if !has_neck => (config.feature, |_| None),
        chosen => (chosen.unwrap_or(config.feature), |feature| Some(of_clip_reid(feature))),
    };
    (VitConfig { feature, ..config }.into(), assumption(feature))
}

/// Whether the batch norms of CLIP-ReID and CLIP-HandID are there.
pub(crate) fn has_neck(shapes: &Shapes, tower: &Tower) -> bool {
    let is_there = |root: &str| neck_names().all(|part| shapes.names.contains(&format!("{root}{part}")));
    tower.naming == Naming::OpenAi && tower.origin().root().is_some_and(is_there)
}

fn assumption(feature: Feature, choices: &[Feature], reason: &str) -> Assumption {
    Assumption {
        field: "feature",
        value: feature.name().into(),
        choices: choices.iter().map(|choice| choice.name().into()).collect(),
        reason: reason.into(),
    }
}

fn pooled() -> Assumption {
    assumption(
        Feature::Pooled,
        &[Feature::Pooled],
        "The file was saved without CLIP's projection, as CLIPVisionModel does: the embedding is the class token \
         after its layer norm, not CLIP's embedding.",
    )
}

fn of_clip(chosen: Feature) -> Assumption {
    assumption(
        chosen,
        &[Feature::Projection, Feature::Concatenated, Feature::Pooled],
        "CLIP's embedding is the projected class token.",
    )
}

fn of_clip_reid(feature: Feature) -> Assumption {
    assumption(
        feature,
        &[Feature::Neck, Feature::Concatenated, Feature::Projection],
        "The file has CLIP-ReID's and CLIP-HandID's batch norms: CLIP-HandID evaluates what comes after them, \
         CLIP-ReID's configurations what comes before them.",
    )
}
