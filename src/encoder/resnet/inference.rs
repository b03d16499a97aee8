//! The shape of a ResNet without a configuration: from the shapes of its tensors, and what those leave open.

use super::config::{LastStage, ResNetConfig, check};
use crate::encoder::naming::openai::ATTENTION_POOL;
use crate::encoder::options::assumption::Assumption;
use crate::encoder::options::choices::Choices;
use crate::encoder::options::heads::{CLIP_HEAD_WIDTH, heads_assumption};
use crate::encoder::plan::shapes::Shapes;
use crate::encoder::plan::tower_search::Tower;
use crate::{Error, Result};

/// Concludes a configuration from the shapes of the tensors.
///
/// # Errors
///
/// As [`crate::encoder::family::inference::infer`].
pub(crate) fn infer(
    shapes: &Shapes,
    tower: &Tower,
    choices: &Choices,
) -> Result<(ResNetConfig, Vec<Assumption>)> {
    let positions = ATTENTION_POOL;
    let [width, ..] = shapes.of::<4>("conv3.weight")?;
    let [tokens, features] = shapes.of(positions)?;
    let [embed_dim, _] = shapes.of("attnpool.c_proj.weight")?;
    let (assumed, reason) = tower.origin().last_stage();
    let last_stage = choices.last_stage.unwrap_or(assumed);
    let shrinking = match last_stage {
        LastStage::Halves => 32,
        LastStage::Keeps => 16,
    };
    let config = ResNetConfig {
        image_size: grid(tokens, &format!("{}{positions}", shapes.prefix()))?.saturating_mul(shrinking),
        width,
        layers: [1, 2, 3, 4].map(|stage| shapes.layers(&format!("layer{stage}."))),
        heads: choices.heads.unwrap_or((features / CLIP_HEAD_WIDTH).max(1)),
        embed_dim,
        last_stage,
    };
    check(&config)?;
    let assumptions =
        vec![heads_assumption(features, config.heads), last_stage_assumption(last_stage, reason)];
    Ok((config, assumptions))
}

fn last_stage_assumption(last_stage: LastStage, reason: &str) -> Assumption {
    Assumption {
        field: "last_stage",
        value: last_stage.name().into(),
        choices: [LastStage::Halves, LastStage::Keeps].map(|one| one.name().into()).into(),
        reason: reason.into(),
    }
}

/// Patches along one side of a square image.
fn grid(tokens: usize, name: &str) -> Result<usize> {
    let patches = tokens.saturating_sub(1);
    let grid = patches.isqrt();
    match grid * grid == patches && grid > 0 {
        true => Ok(grid),
        false => Err(Error::Checkpoint(format!(
            "tensor {name} is for {patches} patches, which fill no square, expected a model for \
             square images"
        ))),
    }
}
