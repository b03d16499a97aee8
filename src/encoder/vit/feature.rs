//! What of a Vision Transformer the embedding is.

use crate::Result;
use crate::encoder::naming::layout::neck_parts;
use crate::encoder::options::choices::{Assumption, Choices};
use crate::encoder::plan::tower_search::Tower;
use crate::encoder::vit::inference::Shapes;
use crate::encoder::{Architecture, Feature, Layout, VisionConfig};

/// The projection's name, without the prefix, and which of its axes is the embedding's.
pub(crate) fn projection(layout: Layout) -> (&'static str, usize) {
    match layout {
        Layout::Transformers => ("visual_projection.weight", 0),
        Layout::OpenAi | Layout::ResNet => ("proj", 1),
    }
}

/// Length of the projected class token; `None` if there is no projection.
pub(crate) fn projected(shapes: &Shapes, layout: Layout) -> Result<Option<usize>> {
    let (name, axis) = projection(layout);
    match shapes.contains(name) {
        true => Ok(Some(shapes.of::<2>(name)?[axis])),
        false => Ok(None),
    }
}

/// The network with the embedding that was chosen, of those that the file has the weights for, and what there is to choose.
///
/// No configuration says which embedding it is, so that the choice is open beside one as well.
pub(crate) fn with_feature(
    config: Architecture,
    shapes: &Shapes,
    tower: &Tower,
    choices: &Choices,
) -> (Architecture, Option<Assumption>) {
    let Architecture::Transformer(config) = config else { return (config, None) };
    let has_neck = has_neck(shapes, tower);
    let (feature, assumption): (_, fn(_) -> _) = match choices.feature {
        _ if !shapes.contains(projection(tower.layout).0) => (Feature::Pooled, |_| Some(pooled())),
        Some(chosen) if !has_neck => (chosen, |chosen| Some(of_clip(chosen))),
        None if !has_neck => (config.feature, |_| None),
        chosen => (chosen.unwrap_or(config.feature), |feature| Some(of_clip_reid(feature))),
    };
    (VisionConfig { feature, ..config }.into(), assumption(feature))
}

/// Whether the batch norms of CLIP-ReID and CLIP-HandID are there.
pub(crate) fn has_neck(shapes: &Shapes, tower: &Tower) -> bool {
    let is_there = |root: &str| neck_parts().all(|part| shapes.names.contains(&format!("{root}{part}")));
    tower.layout == Layout::OpenAi && tower.reid_root().is_some_and(is_there)
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
        "The file was saved without CLIP's projection, as CLIPVisionModel does: the embedding is the class token after its layer norm, not CLIP's embedding.",
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
        "The file has CLIP-ReID's and CLIP-HandID's batch norms: CLIP-HandID evaluates what is behind them, CLIP-ReID's configurations what is before them.",
    )
}
