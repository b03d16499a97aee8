//! A Vision Transformer as data: its sizes, and which of the variants of each part it has.

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The non-linearity between the two linear layers of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// `x · sigmoid(1.702 x)`, of OpenAI's models.
    #[default]
    QuickGelu,
    /// `x · Φ(x)` with the exact error function, of most OpenCLIP models.
    Gelu,
}

impl Activation {
    /// As configurations call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::QuickGelu => "quick_gelu",
            Self::Gelu => "gelu",
        }
    }
}

/// What part of a network's output the embedding is.
///
/// CLIP-ReID and CLIP-HandID call the batch norms after an encoder its neck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// The class token after its layer norm, projected: CLIP's embedding.
    #[default]
    Projection,
    /// The class token after its layer norm, then its projection.
    Concatenated,
    /// The same, each after a batch norm.
    Neck,
    /// The class token after its layer norm, of a tower that has no projection.
    Pooled,
}

impl Feature {
    /// As choices call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Projection => "projection",
            Self::Concatenated => "concatenated",
            Self::Neck => "neck",
            Self::Pooled => "pooled",
        }
    }
}

/// How all tokens become one after the last block.
///
/// Source: mlfoundations/open_clip@89fb801 `src/open_clip/transformer.py` `VisionTransformer._pool`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pooling {
    /// The class token is taken.
    #[default]
    ClassToken,
    /// The mean of the patches after their layer norms.
    MeanOfNorms,
    /// The mean of the patches, then its layer norm.
    NormOfMean,
}

/// Whether embeddings of cameras are used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CameraUse {
    /// They are left out: the camera of an image makes no difference.
    #[default]
    LeftOut,
    /// The one of an image's camera is added.
    Used,
}

/// Embeddings of cameras, one of which is added to the class token of each image (SIE of TransReID and CLIP-ReID).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct CameraEmbedding {
    /// Number of cameras.
    pub cameras: usize,
    /// What an embedding is multiplied with before it is added.
    pub coefficient: f32,
}

/// Shape of a Vision Transformer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VitConfig {
    /// Height and width of the input, in pixels.
    pub image_size: [usize; 2],
    /// The size that the weights were trained with; for any other the positional embedding is interpolated.
    pub trained_size: [usize; 2],
    /// Pixels a side of one patch; what remains of the image at the right and bottom is ignored.
    pub patch_size: usize,
    /// Pixels that neighbouring patches share; less than `patch_size`, 0 in CLIP.
    #[serde(default)]
    pub overlap: usize,
    /// Length of a token.
    pub width: usize,
    /// Length of a token between the two linear layers of a block.
    pub mlp_width: usize,
    /// Number of blocks.
    pub layers: usize,
    /// Attention heads of a block; divides `width`.
    pub heads: usize,
    /// Length of the projected token; unused without a projection.
    pub embed_dim: usize,
    /// What the embedding is.
    #[serde(default)]
    pub feature: Feature,
    /// Non-linearity of the blocks.
    pub activation: Activation,
    /// Added to the variance in layer norms.
    pub layer_norm_eps: f64,
    /// Whether there is no layer norm before the blocks.
    #[serde(default)]
    pub no_ln_pre: bool,
    /// How all tokens become one.
    #[serde(default)]
    pub pooling: Pooling,
    /// Embeddings of cameras, if they are used.
    #[serde(default)]
    pub camera_embedding: Option<CameraEmbedding>,
}

impl VitConfig {
    /// Pixels from one patch to the next.
    pub fn stride(&self) -> usize {
        self.patch_size - self.overlap
    }

    /// Patches along height and width of the image.
    pub fn grid(&self) -> [usize; 2] {
        self.image_size.map(|side| patches_along(side, self.patch_size, self.stride()))
    }

    /// Patches along height and width that the positional embedding in the file is for.
    pub fn trained_grid(&self) -> [usize; 2] {
        self.trained_size.map(|side| patches_along(side, self.patch_size, self.stride()))
    }

    /// Tokens before those of the patches: the class token.
    pub fn prefix_tokens(&self) -> usize {
        1
    }

    /// Tokens of one image: those of its patches and those before them.
    pub fn tokens(&self) -> usize {
        self.prefix_tokens() + self.grid().iter().product::<usize>()
    }

    /// Tokens that the positional embedding in the file is for.
    pub(crate) fn trained_tokens(&self) -> usize {
        self.prefix_tokens() + self.trained_grid().iter().product::<usize>()
    }

    /// Whether there is a layer norm before the blocks.
    pub fn has_ln_pre(&self) -> bool {
        !self.no_ln_pre
    }

    /// Whether the class token is projected.
    pub fn has_projection(&self) -> bool {
        self.feature != Feature::Pooled
    }

    /// Number of weights, without running statistics.
    pub fn parameters(&self) -> usize {
        let block = 4 * (self.width + 1) * self.width
            + (self.width + 1) * self.mlp_width
            + (self.mlp_width + 1) * self.width
            + 4 * self.width;
        let embeddings =
            (3 * self.patch_size * self.patch_size + self.prefix_tokens() + self.tokens()) * self.width;
        let cameras = self.camera_embedding.map_or(0, |cameras| cameras.cameras * self.width);
        let norms = if self.has_ln_pre() { 4 } else { 2 } * self.width;
        let projection = if self.has_projection() { self.embed_dim * self.width } else { 0 };
        let neck = if self.feature == Feature::Neck { 2 * self.output_dim() } else { 0 };
        embeddings + cameras + self.layers * block + norms + projection + neck
    }

    /// Length of the embedding.
    pub fn output_dim(&self) -> usize {
        match self.feature {
            Feature::Projection => self.embed_dim,
            Feature::Concatenated | Feature::Neck => self.width + self.embed_dim,
            Feature::Pooled => self.width,
        }
    }
}

/// Patches along one side of an image; 0 if it is shorter than one.
pub(crate) fn patches_along(side: usize, patch_size: usize, stride: usize) -> usize {
    side.checked_sub(patch_size).map_or(0, |rest| rest / stride + 1)
}

/// No published encoder has larger sizes, and what is computed from them could overflow.
const LARGEST: usize = 1 << 14;

pub(crate) fn check(config: &VitConfig) -> Result<()> {
    let sizes = [
        ("image_size", config.image_size[0]),
        ("image_size", config.image_size[1]),
        ("image_size", config.trained_size[0]),
        ("image_size", config.trained_size[1]),
        ("patch_size", config.patch_size),
        ("hidden_size", config.width),
        ("intermediate_size", config.mlp_width),
        ("num_hidden_layers", config.layers),
        ("num_attention_heads", config.heads),
        ("projection_dim", config.embed_dim),
    ];
    sizes.into_iter().try_for_each(|(key, size)| check_size(key, size))?;
    let VitConfig { patch_size, width, heads, layer_norm_eps: eps, .. } = *config;
    let sides = config.image_size.into_iter().chain(config.trained_size);
    if let Some(side) = sides.into_iter().find(|side| patch_size > *side) {
        return Err(config_error(format!("patch_size {patch_size} is larger than image_size {side}")));
    }
    if width % heads != 0 {
        return Err(config_error(format!(
            "hidden_size {width} is not a multiple of num_attention_heads {heads}"
        )));
    }
    if !(eps.is_finite() && eps >= 0.0) {
        return Err(config_error(format!("layer_norm_eps is {eps}, expected a number of 0 or more")));
    }
    Ok(())
}

pub(crate) fn check_size(key: &str, size: usize) -> Result<()> {
    match (1..=LARGEST).contains(&size) {
        true => Ok(()),
        false => Err(config_error(format!("{key} is {size}, expected 1 to {LARGEST}"))),
    }
}

pub(crate) fn config_error(found: impl Into<String>) -> Error {
    Error::Config(found.into())
}
