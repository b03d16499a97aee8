//! A configuration for weights that came without one: from the shapes of the tensors, and what those do not tell.

use crate::encoder::options::choices::{Assumption, Choices};
use crate::encoder::plan::tower_search::{PlainNames, Tower};
use crate::encoder::resnet::tensors;
use crate::encoder::vit::config::{check, check_size};
use crate::encoder::vit::feature;
use crate::encoder::vit::patch_grid::{self, PatchGrid};
use crate::encoder::{Activation, Architecture, Feature, Layout, Pooling, VisionConfig};
use crate::weights::TensorInfo;
use crate::{Error, Result};

/// Widths of attention heads that occur in published models; 64 in CLIP's.
const HEAD_WIDTHS: [usize; 8] = [32, 48, 64, 72, 80, 88, 104, 128];
/// That of CLIP's.
const HEAD_WIDTH: usize = 64;

/// Concludes a configuration from the shapes of the tensors.
///
/// # Errors
///
/// [`Error::Checkpoint`] names the tensor that is missing or has a shape that no image tower has.
pub(crate) fn infer(
    shapes: &Shapes,
    tower: &Tower,
    choices: &Choices,
) -> Result<(Architecture, Vec<Assumption>)> {
    match tower.layout {
        Layout::Transformers | Layout::OpenAi => {
            infer_transformer(shapes, tower, choices).map(|(config, why)| (config.into(), why))
        }
        Layout::ResNet => tensors::infer(shapes, tower, choices).map(|(config, why)| (config.into(), why)),
    }
}

fn infer_transformer(
    shapes: &Shapes,
    tower: &Tower,
    choices: &Choices,
) -> Result<(VisionConfig, Vec<Assumption>)> {
    let names = tower_names(tower.layout);
    let [width, _, patch_size, _] = shapes.of(names.patches)?;
    let [tokens, _] = shapes.of(names.places)?;
    let [mlp_width, _] = shapes.of(&format!("{}0.{}", names.block, names.hidden))?;
    check_size("patch_size", patch_size)?;
    let heads = choices.heads.unwrap_or((width / HEAD_WIDTH).max(1));
    let grids = PatchGrid::all(tokens, patch_size, tower.is_reid());
    let grid = patch_grid::choose(&grids, choices.stride, tokens, patch_size)
        .map_err(|found| Error::Checkpoint(format!("tensor {}{} {found}", shapes.prefix(), names.places)))?;
    let config = VisionConfig {
        image_size: grid.image_size,
        trained_size: grid.image_size,
        patch_size,
        overlap: patch_size - grid.stride,
        width,
        mlp_width,
        layers: shapes.layers(names.block),
        heads,
        embed_dim: feature::projected(shapes, tower.layout)?.unwrap_or(width),
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
    assumptions.extend(patch_grid::assumption(&grids, &grid, patch_size, tower.is_reid()));
    Ok((config, assumptions))
}

/// Names that tell the shape, without the prefix.
struct Names {
    patches: &'static str,
    places: &'static str,
    block: &'static str,
    hidden: &'static str,
}

fn tower_names(layout: Layout) -> Names {
    match layout {
        Layout::Transformers => Names {
            patches: "vision_model.embeddings.patch_embedding.weight",
            places: "vision_model.embeddings.position_embedding.weight",
            block: "vision_model.encoder.layers.",
            hidden: "mlp.fc1.weight",
        },
        Layout::OpenAi | Layout::ResNet => Names {
            patches: "conv1.weight",
            places: "positional_embedding",
            block: "transformer.resblocks.",
            hidden: "mlp.c_fc.weight",
        },
    }
}

fn activation(config: &VisionConfig) -> Assumption {
    Assumption {
        field: "activation",
        value: config.activation.name().into(),
        choices: [Activation::QuickGelu, Activation::Gelu].map(|choice| choice.name().into()).into(),
        reason: "The weights do not tell: OpenAI's models and those fine-tuned from them have quick_gelu, most others gelu."
            .into(),
    }
}

pub(crate) fn heads_assumption(width: usize, heads: usize) -> Assumption {
    let widths = HEAD_WIDTHS.into_iter().filter(|head| width.is_multiple_of(*head));
    let mut choices: Vec<usize> = widths.map(|head| width / head).chain([heads]).collect();
    choices.sort_unstable();
    choices.dedup();
    Assumption {
        field: "heads",
        value: heads.to_string(),
        choices: choices.iter().map(usize::to_string).collect(),
        reason: "The weights do not tell; CLIP's heads are 64 wide.".into(),
    }
}

/// Patches along one side of a square image.
pub(crate) fn grid(tokens: usize, name: &str) -> Result<usize> {
    let patches = tokens.saturating_sub(1);
    let grid = patches.isqrt();
    match grid * grid == patches && grid > 0 {
        true => Ok(grid),
        false => Err(Error::Checkpoint(format!(
            "tensor {name} has places for {patches} patches, which fill no square, expected a model for \
             square images"
        ))),
    }
}

/// The shapes of a tower's tensors.
pub(crate) struct Shapes<'a> {
    pub names: &'a PlainNames<'a>,
}

impl Shapes<'_> {
    /// Before all names of the tower.
    pub fn prefix(&self) -> &str {
        self.names.prefix
    }

    /// Whether the tower has this tensor.
    pub fn contains(&self, name: &str) -> bool {
        self.names.contains(&format!("{}{name}", self.names.prefix))
    }

    pub fn of<const D: usize>(&self, name: &str) -> Result<[usize; D]> {
        let name = format!("{}{name}", self.names.prefix);
        let TensorInfo { shape, .. } = self.names.get(&name).ok_or_else(|| {
            let count = self.names.count();
            Error::Checkpoint(match self.names.obstacle(&name) {
                Some(why) => format!("tensor {name} cannot be used: {why}"),
                None => {
                    format!("tensor {name} is missing among {count}; without it the model's shape is unknown")
                }
            })
        })?;
        shape.as_slice().try_into().map_err(|_| {
            Error::Checkpoint(format!("tensor {name} has the shape {shape:?}, expected one with {D} axes"))
        })
    }

    /// One more than the largest number of a block.
    pub fn layers(&self, block: &str) -> usize {
        let start = format!("{}{block}", self.names.prefix);
        let names = self.names.iter().filter_map(|(name, _)| name.strip_prefix(&start));
        names
            .filter_map(|rest| rest.split('.').next()?.parse::<usize>().ok())
            .max()
            .map_or(0, |last| last.saturating_add(1))
    }
}
