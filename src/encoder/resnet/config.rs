//! Shape of a CLIP ResNet.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Error, Result};

/// Shape of CLIP's modified ResNet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ResNetConfig {
    /// Pixels a side of the square input.
    pub image_size: usize,
    /// Channels after the stem.
    pub width: usize,
    /// Blocks of each stage.
    pub layers: [usize; 4],
    /// Attention heads of the pooling; divides the 32 · `width` channels after the last stage.
    pub heads: usize,
    /// Length of the embedding.
    pub embed_dim: usize,
    /// Whether the last stage halves height and width.
    pub last_stage: LastStage,
}

/// What the last stage does to height and width.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastStage {
    /// Halves them, as in OpenAI's and OpenCLIP's models.
    Halves,
    /// Keeps them, as in CLIP-ReID's and CLIP-HandID's.
    ///
    /// Source: Syliz517/CLIP-ReID@4c0eb20 `model/clip/model.py` `ModifiedResNet`.
    Keeps,
}

impl LastStage {
    /// As choices call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Halves => "halves",
            Self::Keeps => "keeps",
        }
    }
}

/// Channels after a block, for each channel inside.
const EXPANSION: usize = 4;

impl ResNetConfig {
    /// Channels after the last stage.
    pub fn features(&self) -> usize {
        8 * EXPANSION * self.width
    }

    /// Positions along one side after the last stage.
    ///
    /// The stem halves the image twice, the second and third stage once each.
    pub fn grid(&self) -> usize {
        let grid = self.image_size.div_ceil(2) / 8;
        match self.last_stage {
            LastStage::Halves => grid / 2,
            LastStage::Keeps => grid,
        }
    }

    /// Tokens of the attention pooling: the positions and their mean.
    pub fn tokens(&self) -> usize {
        self.grid() * self.grid() + 1
    }

    /// The blocks in the order of computation.
    pub(crate) fn blocks(&self) -> Vec<BlockConfig> {
        let mut blocks = Vec::new();
        let mut inputs = self.width;
        for (stage, count) in self.layers.into_iter().enumerate() {
            let width = self.width << stage;
            for index in 0..count {
                let halves = index == 0 && self.stage_halves(stage);
                let name = format!("layer{}.{index}", stage + 1);
                blocks.push(BlockConfig { name, inputs, width, halves });
                inputs = EXPANSION * width;
            }
        }
        blocks
    }

    fn stage_halves(&self, stage: usize) -> bool {
        match stage {
            0 => false,
            3 => self.last_stage == LastStage::Halves,
            _ => true,
        }
    }

    /// Number of weights and biases; the running statistics are not counted, as in PyTorch.
    pub fn parameters(&self) -> usize {
        let half = self.width / 2;
        let stem = (9 * (3 + half) + 4) * half + (9 * half + 2) * self.width;
        let blocks: usize = self.blocks().iter().map(BlockConfig::parameters).sum();
        let features = self.features();
        let pool = (self.tokens() + 3 * (features + 1)) * features + (features + 1) * self.embed_dim;
        stem + blocks + pool
    }
}

/// Shape of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BlockConfig {
    /// Beginning of its tensors' names.
    pub name: String,
    /// Channels before it.
    pub inputs: usize,
    /// Channels inside; after it there are [`EXPANSION`] times as many.
    pub width: usize,
    /// Whether it halves height and width.
    pub halves: bool,
}

impl BlockConfig {
    /// Channels after it.
    pub fn outputs(&self) -> usize {
        EXPANSION * self.width
    }

    fn parameters(&self) -> usize {
        let kernels = self.convolutions().into_iter().chain(self.downsample());
        kernels.map(|(_, _, [out, inputs, side, _])| (inputs * side * side + 2) * out).sum()
    }
}

/// Reads `vision_cfg.layers` of an `open_clip_config.json`.
pub(crate) fn read_layers(layers: &Value) -> Result<[usize; 4]> {
    <[usize; 4]>::deserialize(layers).map_err(|_| {
        Error::Config(format!(
            "vision_cfg.layers is {layers}, expected a number (a Vision Transformer's blocks) or a list of four \
             (a ResNet's blocks in each stage)"
        ))
    })
}

/// No published encoder has larger sizes, and what is computed from them could overflow.
const LARGEST: [(&str, usize); 4] =
    [("image_size", 1 << 14), ("width", 1 << 9), ("heads", 1 << 14), ("embed_dim", 1 << 14)];
const MOST_BLOCKS: usize = 1 << 8;

pub(crate) fn check(config: &ResNetConfig) -> Result<()> {
    let sizes = [config.image_size, config.width, config.heads, config.embed_dim];
    for ((key, largest), size) in LARGEST.into_iter().zip(sizes) {
        if !(1..=largest).contains(&size) {
            return Err(Error::Config(format!("{key} is {size}, expected 1 to {largest} for a ResNet")));
        }
    }
    let ResNetConfig { layers, image_size, heads, .. } = *config;
    if layers.iter().any(|count| !(1..=MOST_BLOCKS).contains(count)) {
        return Err(Error::Config(format!(
            "the stages have {layers:?} blocks, expected 1 to {MOST_BLOCKS} in each"
        )));
    }
    if !config.width.is_multiple_of(2) {
        return Err(Error::Config(format!(
            "width is {}, expected an even number for a ResNet",
            config.width
        )));
    }
    if config.grid() == 0 {
        return Err(Error::Config(format!(
            "image_size is {image_size}, which a ResNet reduces to nothing, expected 32 or more"
        )));
    }
    if !config.features().is_multiple_of(heads) {
        let features = config.features();
        return Err(Error::Config(format!("{features} channels are not a multiple of {heads} heads")));
    }
    Ok(())
}
