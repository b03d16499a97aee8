//! A configuration for weights that came without one: from the shapes of the tensors, and what those do not tell.

use serde::{Deserialize, Serialize};

use super::config::check;
use super::layout::neck_of;
use super::resnet_config::LastStage;
use super::{
    Activation, Architecture, Arithmetic, Augmentation, Feature, Layout, VisionConfig, resnet_layout,
};
use crate::weights::{Header, TensorInfo};
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
    /// Non-linearity of the blocks.
    pub activation: Option<Activation>,
    /// Attention heads of a block, or of a ResNet's pooling.
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

/// How an image becomes square.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResizeMode {
    /// The shortest side to the encoder's, then what stands out is cut off.
    Shortest,
    /// Both sides to the encoder's, whatever that does to the proportions.
    Squash,
}

/// Widths of attention heads that occur in published models; 64 in CLIP's.
const HEAD_WIDTHS: [usize; 8] = [32, 48, 64, 72, 80, 88, 104, 128];
/// That of CLIP's.
const HEAD_WIDTH: usize = 64;

/// Concludes a configuration from the shapes of the tensors.
///
/// - `prefix`: as [`Layout::find`] gives it
///
/// # Errors
///
/// [`Error::Checkpoint`] names the tensor that is missing or has a shape that no image tower has.
pub fn infer(
    header: &Header,
    layout: Layout,
    prefix: &str,
    choices: &Choices,
) -> Result<(Architecture, Vec<Assumption>)> {
    let shapes = Shapes { header, prefix };
    match layout {
        Layout::Transformers | Layout::OpenAi => {
            infer_transformer(&shapes, layout, choices).map(|(config, why)| (config.into(), why))
        }
        Layout::ResNet => resnet_layout::infer(&shapes, choices).map(|(config, why)| (config.into(), why)),
    }
}

fn infer_transformer(
    shapes: &Shapes,
    layout: Layout,
    choices: &Choices,
) -> Result<(VisionConfig, Vec<Assumption>)> {
    let [patches, places, block, hidden] = match layout {
        Layout::Transformers => [
            "vision_model.embeddings.patch_embedding.weight",
            "vision_model.embeddings.position_embedding.weight",
            "vision_model.encoder.layers.",
            "mlp.fc1.weight",
        ],
        Layout::OpenAi | Layout::ResNet => {
            ["conv1.weight", "positional_embedding", "transformer.resblocks.", "mlp.c_fc.weight"]
        }
    };
    let [width, _, patch_size, _] = shapes.of(patches)?;
    let [tokens, _] = shapes.of(places)?;
    let [mlp_width, _] = shapes.of(&format!("{block}0.{hidden}"))?;
    let embed_dim = match layout {
        Layout::Transformers => shapes.of::<2>("visual_projection.weight")?[0],
        Layout::OpenAi | Layout::ResNet => shapes.of::<2>("proj")?[1],
    };
    let heads = choices.heads.unwrap_or((width / HEAD_WIDTH).max(1));
    let grid = rectangle(tokens, &format!("{}{places}", shapes.prefix))?;
    let trained_size = grid.map(|patches| patches.saturating_mul(patch_size));
    let has_neck = layout == Layout::OpenAi && has_neck(shapes);
    let config = VisionConfig {
        image_size: trained_size,
        trained_size,
        patch_size,
        width,
        mlp_width,
        layers: shapes.layers(block),
        heads,
        embed_dim,
        activation: choices.activation.unwrap_or(Activation::QuickGelu),
        feature: choices.feature.unwrap_or(if has_neck { Feature::Neck } else { Feature::Projection }),
        layer_norm_eps: 1e-5,
    };
    check(&config)?;
    let mut assumptions = vec![activation(&config), heads_assumption(width, heads)];
    if has_neck {
        assumptions.push(feature(&config));
    }
    Ok((config, assumptions))
}

/// Whether the batch norms of CLIP-ReID and CLIP-HandID are there.
fn has_neck(shapes: &Shapes) -> bool {
    let is_there = |name: &String| shapes.header.tensors.iter().any(|tensor| tensor.name == *name);
    neck_of(shapes.prefix).is_some_and(|names| names.iter().all(is_there))
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
            "tensor {name} has places for {patches} patches, which fill no square; accepted are models for \
             square images"
        ))),
    }
}

/// How many times as high as wide an input is whose places fill no square: persons' are.
const ASPECTS: [usize; 2] = [2, 3];

/// Patches along height and width.
fn rectangle(tokens: usize, name: &str) -> Result<[usize; 2]> {
    let patches = tokens.saturating_sub(1);
    let of_aspect = |aspect: usize| {
        let across = (patches / aspect).isqrt();
        (across > 0 && aspect * across * across == patches).then_some([aspect * across, across])
    };
    [1].into_iter().chain(ASPECTS).find_map(of_aspect).ok_or_else(|| {
        Error::Checkpoint(format!(
            "tensor {name} has places for {patches} patches; accepted are squares, and rectangles twice or three times as \
             high as wide"
        ))
    })
}

/// The shapes of a tower's tensors.
pub(super) struct Shapes<'a> {
    header: &'a Header,
    pub prefix: &'a str,
}

impl Shapes<'_> {
    pub fn of<const D: usize>(&self, name: &str) -> Result<[usize; D]> {
        let name = format!("{}{name}", self.prefix);
        let found = self.header.tensors.iter().find(|tensor| tensor.name == name);
        let TensorInfo { shape, .. } = found.ok_or_else(|| {
            let count = self.header.tensors.len();
            Error::Checkpoint(format!(
                "tensor {name} is missing among {count}; without it the model's shape is unknown"
            ))
        })?;
        shape.as_slice().try_into().map_err(|_| {
            Error::Checkpoint(format!(
                "tensor {name} has the shape {shape:?}; one with {D} axes was expected"
            ))
        })
    }

    /// One more than the largest number of a block.
    pub fn layers(&self, block: &str) -> usize {
        let start = format!("{}{block}", self.prefix);
        let names = self.header.tensors.iter().filter_map(|tensor| tensor.name.strip_prefix(&start));
        names
            .filter_map(|rest| rest.split('.').next()?.parse::<usize>().ok())
            .max()
            .map_or(0, |last| last.saturating_add(1))
    }
}
