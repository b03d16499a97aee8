//! A configuration for weights that came without one: from the shapes of the tensors, and what those do not tell.

use serde::{Deserialize, Deserializer, Serialize};

use super::camera_embedding::CameraUse;
use super::config::{check, check_size};
use super::layout::neck_parts;
use super::patch_grid::{self, PatchGrid};
use super::resnet_config::LastStage;
use super::tower_search::{PlainNames, Tower};
use super::{
    Activation, Architecture, Arithmetic, Augmentation, Feature, Layout, Pooling, VisionConfig, resnet_layout,
};
use crate::weights::TensorInfo;
use crate::{Error, Result};

/// Something about a model that was concluded, not read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Assumption {
    /// Which of the [`Choices`] corrects it.
    pub field: &'static str,
    /// What was concluded.
    pub value: String,
    /// What it could be instead, this value among them.
    pub choices: Vec<String>,
    /// From what it was concluded: one sentence.
    pub reason: String,
}

/// Corrections of assumptions.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    /// Which image tower of the file: what stands before its names.
    pub tower: Option<String>,
    /// Pixels from one patch to the next.
    #[serde(deserialize_with = "number")]
    pub stride: Option<usize>,
    /// Whether embeddings of cameras are added.
    pub camera_embedding: Option<CameraUse>,
    /// What they are multiplied with.
    #[serde(deserialize_with = "number")]
    pub camera_coefficient: Option<f32>,
    /// Non-linearity of the blocks.
    pub activation: Option<Activation>,
    /// Attention heads of a block, or of a ResNet's pooling.
    #[serde(deserialize_with = "number")]
    pub heads: Option<usize>,
    /// What the last stage of a ResNet does to height and width.
    pub last_stage: Option<LastStage>,
    /// What pixels are normalised with.
    pub mean_std: Option<MeanStd>,
    /// What the embedding is.
    pub feature: Option<Feature>,
    /// Height and width of the input: "256x128".
    pub image_size: Option<String>,
    /// How images get the size of the input.
    pub resize: Option<ResizeMode>,
    /// Numbers that the CPU computes with.
    pub arithmetic: Option<Arithmetic>,
    /// What is encoded besides the image itself.
    pub augmentation: Option<Augmentation>,
}

/// Mean and standard deviation that pixels are normalised with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeanStd {
    /// Of CLIP's training images.
    Clip,
    /// Of ImageNet.
    Imagenet,
    /// 0.5 and 0.5.
    Half,
}

impl MeanStd {
    /// Mean and standard deviation of red, green and blue.
    pub fn values(self) -> [[f64; 3]; 2] {
        match self {
            Self::Clip => [[0.48145466, 0.4578275, 0.40821073], [0.26862954, 0.26130258, 0.27577711]],
            Self::Imagenet => [[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]],
            Self::Half => [[0.5; 3], [0.5; 3]],
        }
    }
}

/// How an image gets the size of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResizeMode {
    /// The shortest side to the encoder's, then what stands out is cut off.
    Shortest,
    /// Both sides to the encoder's, whatever that does to the proportions.
    Squash,
}

/// A number, also written as text.
fn number<'de, D: Deserializer<'de>, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    T: std::str::FromStr + Deserialize<'de>,
{
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written<T> {
        Number(T),
        Text(String),
    }
    match Option::deserialize(deserializer)? {
        None => Ok(None),
        Some(Written::Number(number)) => Ok(Some(number)),
        Some(Written::Text(text)) => match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(serde::de::Error::custom(format!("\"{text}\", expected a number"))),
        },
    }
}

/// Widths of attention heads that occur in published models; 64 in CLIP's.
const HEAD_WIDTHS: [usize; 8] = [32, 48, 64, 72, 80, 88, 104, 128];
/// That of CLIP's.
const HEAD_WIDTH: usize = 64;

/// Concludes a configuration from the shapes of the tensors.
///
/// # Errors
///
/// [`Error::Checkpoint`] names the tensor that is missing or has a shape that no image tower has.
pub(super) fn infer(
    shapes: &Shapes,
    tower: &Tower,
    choices: &Choices,
) -> Result<(Architecture, Vec<Assumption>)> {
    match tower.layout {
        Layout::Transformers | Layout::OpenAi => {
            infer_transformer(shapes, tower, choices).map(|(config, why)| (config.into(), why))
        }
        Layout::ResNet => {
            resnet_layout::infer(shapes, tower, choices).map(|(config, why)| (config.into(), why))
        }
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
    let has_neck = has_neck(shapes, tower);
    let config = VisionConfig {
        image_size: grid.image_size,
        trained_size: grid.image_size,
        patch_size,
        overlap: patch_size - grid.stride,
        width,
        mlp_width,
        layers: shapes.layers(names.block),
        heads,
        embed_dim: projected(shapes, tower.layout)?.unwrap_or(width),
        activation: choices.activation.unwrap_or(Activation::QuickGelu),
        feature: choices.feature.unwrap_or(if has_neck { Feature::Neck } else { Feature::Projection }),
        layer_norm_eps: 1e-5,
        no_ln_pre: false,
        pooling: Pooling::ClassToken,
        camera_embedding: None,
    };
    check(&config)?;
    let mut assumptions = vec![activation(&config), heads_assumption(width, heads)];
    assumptions.extend(patch_grid::assumption(&grids, &grid, patch_size, tower.is_reid()));
    if has_neck {
        assumptions.push(feature(&config));
    }
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

/// The projection's name, without the prefix, and which of its axes is the embedding's.
pub(super) fn projection(layout: Layout) -> (&'static str, usize) {
    match layout {
        Layout::Transformers => ("visual_projection.weight", 0),
        Layout::OpenAi | Layout::ResNet => ("proj", 1),
    }
}

/// Length of the projected class token; `None` if there is no projection.
fn projected(shapes: &Shapes, layout: Layout) -> Result<Option<usize>> {
    let (name, axis) = projection(layout);
    match shapes.contains(name) {
        true => Ok(Some(shapes.of::<2>(name)?[axis])),
        false => Ok(None),
    }
}

/// A Vision Transformer as it is if the file has no projection, and what that means.
pub(super) fn without_projection(
    shapes: &Shapes,
    layout: Layout,
    config: Architecture,
) -> (Architecture, Option<Assumption>) {
    match config {
        Architecture::Transformer(config) if !shapes.contains(projection(layout).0) => {
            let config = VisionConfig { feature: Feature::Pooled, ..config };
            let assumption = Assumption {
                field: "feature",
                value: config.feature.name().into(),
                choices: vec![config.feature.name().into()],
                reason: "The file was saved without CLIP's projection, as CLIPVisionModel does: the embedding is the class token after its layer norm, not CLIP's embedding.".into(),
            };
            (config.into(), Some(assumption))
        }
        config => (config, None),
    }
}

/// Whether the batch norms of CLIP-ReID and CLIP-HandID are there.
fn has_neck(shapes: &Shapes, tower: &Tower) -> bool {
    let is_there = |root: &str| neck_parts().all(|part| shapes.names.contains(&format!("{root}{part}")));
    tower.layout == Layout::OpenAi && tower.reid_root().is_some_and(is_there)
}

fn feature(config: &VisionConfig) -> Assumption {
    Assumption {
        field: "feature",
        value: config.feature.name().into(),
        choices: [Feature::Neck, Feature::Concatenated, Feature::Projection]
            .map(|choice| choice.name().into())
            .into(),
        reason: "The file has CLIP-ReID's and CLIP-HandID's batch norms: CLIP-HandID evaluates what is behind them, CLIP-ReID's configurations what is before them."
            .into(),
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

pub(super) fn heads_assumption(width: usize, heads: usize) -> Assumption {
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
pub(super) fn grid(tokens: usize, name: &str) -> Result<usize> {
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
pub(super) struct Shapes<'a> {
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
