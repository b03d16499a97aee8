//! The shape of a Vision Transformer without a configuration: from the shapes of its tensors, and what those leave
//! open.

use super::config::{VitConfig, check, check_size};
use super::feature;
use super::patch_grid::{self, PatchGrid};
use super::tensor::{Affine, BlockTensor, VitTensor};
use crate::encoder::options::assumption::Assumption;
use crate::encoder::options::choices::Choices;
use crate::encoder::options::heads::{CLIP_HEAD_WIDTH, heads_assumption};
use crate::encoder::plan::shapes::Shapes;
use crate::encoder::plan::tower_search::Tower;
use crate::encoder::{Activation, Feature, Pooling};
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
) -> Result<(VitConfig, Vec<Assumption>)> {
    let names = tower.naming.vit();
    let positions = names.name(VitTensor::PositionalEmbedding);
    let [width, _, patch_size, _] = shapes.of(&names.name(VitTensor::PatchEmbedding))?;
    let [tokens, _] = shapes.of(&positions)?;
    let mlp = VitTensor::Block(0, BlockTensor::MlpIn(Affine::Weight));
    let [mlp_width, _] = shapes.of(&names.name(mlp))?;
    check_size("patch_size", patch_size)?;
    let heads = choices.heads.unwrap_or((width / CLIP_HEAD_WIDTH).max(1));
    let is_reid = tower.origin().is_reid();
    let grids = PatchGrid::all(tokens, patch_size, is_reid);
    let grid = patch_grid::choose(&grids, choices.stride, tokens, patch_size)
        .map_err(|found| Error::Checkpoint(format!("tensor {}{positions} {found}", shapes.prefix())))?;
    let config = VitConfig {
        image_size: grid.image_size,
        trained_size: grid.image_size,
        patch_size,
        overlap: patch_size - grid.stride,
        width,
        mlp_width,
        layers: shapes.layers(names.block),
        heads,
        embed_dim: feature::projected(shapes, tower.naming)?.unwrap_or(width),
        activation: choices.activation.unwrap_or(Activation::QuickGelu),
        feature: match feature::has_neck(shapes, tower) {
            true => Feature::Neck,
            false => Feature::Projection,
        },
        layer_norm_eps: 1e-5,
        no_ln_pre: false,
        pooling: Pooling::ClassToken,
        camera_embedding: None,
    };
    check(&config)?;
    let mut assumptions = vec![activation(&config), heads_assumption(width, heads)];
    assumptions.extend(patch_grid::assumption(&grids, &grid, patch_size, is_reid));
    Ok((config, assumptions))
}

fn activation(config: &VitConfig) -> Assumption {
    Assumption {
        field: "activation",
        value: config.activation.name().into(),
        choices: [Activation::QuickGelu, Activation::Gelu].map(|choice| choice.name().into()).into(),
        reason:
            "The weights do not tell: OpenAI's models and those fine-tuned from them have quick_gelu, most \
                 others gelu."
                .into(),
    }
}
