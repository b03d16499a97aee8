//! The layers and tensors of a Vision Transformer under names of its own: which of them a network has, and their
//! shapes.

use super::config::{CameraEmbedding, Feature, VitConfig};
use super::layer::{Destination, Grids, LayerKind};
use crate::encoder::batch_norm::BatchNormPart;

/// The two tensors of a linear layer or a layer norm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Affine {
    /// Added at the end.
    Bias,
    /// Multiplied with.
    Weight,
}

impl Affine {
    /// Both of them.
    pub const BOTH: [Self; 2] = [Self::Bias, Self::Weight];

    /// As every convention calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bias => "bias",
            Self::Weight => "weight",
        }
    }
}

/// A tensor of a Vision Transformer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VitTensor {
    /// `[W]`
    ClassToken,
    /// `[W, 3, P, P]`
    PatchEmbedding,
    /// `[T, W]`
    PositionalEmbedding,
    /// `[C, W]`
    CameraEmbedding,
    /// Layer norm before the blocks: `[W]`
    LnPre(Affine),
    /// Of a block, counted from 0.
    Block(usize, BlockTensor),
    /// Layer norm after the blocks: `[W]`
    LnPost(Affine),
    /// `[D, W]`
    Projection,
    /// Batch norm after the tower: `[W]` or `[D]`
    Neck(NeckNorm, BatchNormPart),
}

/// A tensor of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockTensor {
    /// Layer norm before the attention.
    Ln1(Affine),
    /// `[W, W]`
    Query(Affine),
    /// `[W, W]`
    Key(Affine),
    /// `[W, W]`
    Value(Affine),
    /// `[W, W]`
    AttentionOut(Affine),
    /// Layer norm before the MLP.
    Ln2(Affine),
    /// `[M, W]`
    MlpIn(Affine),
    /// `[W, M]`
    MlpOut(Affine),
}

/// A batch norm after the tower.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NeckNorm {
    /// Of the pooled token: W values.
    Pooled,
    /// Of its projection: D values.
    Projected,
}

/// A layer: tensors that are packed together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum VitLayer {
    /// Class token and positional embedding.
    Tokens,
    PatchEmbedding,
    CameraEmbedding,
    LnPre,
    Block(usize, BlockLayer),
    LnPost,
    Projection,
    Neck,
}

/// A layer of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BlockLayer {
    Ln1,
    /// Queries, keys and values.
    AttentionIn,
    AttentionOut,
    Ln2,
    MlpIn,
    MlpOut,
}

impl BlockLayer {
    const ALL: [Self; 6] =
        [Self::Ln1, Self::AttentionIn, Self::AttentionOut, Self::Ln2, Self::MlpIn, Self::MlpOut];
}

impl NeckNorm {
    /// Both of them.
    pub const BOTH: [Self; 2] = [Self::Pooled, Self::Projected];
}

impl VitTensor {
    /// Its shape as PyTorch has it; `None` if the network has no such tensor.
    pub fn shape(self, config: &VitConfig) -> Option<Vec<usize>> {
        let VitConfig { width, embed_dim, patch_size, .. } = *config;
        match self {
            Self::ClassToken | Self::LnPost(_) => Some(vec![width]),
            Self::PatchEmbedding => Some(vec![width, 3, patch_size, patch_size]),
            Self::PositionalEmbedding => Some(vec![config.trained_tokens(), width]),
            Self::CameraEmbedding => config.camera_embedding.map(|known| vec![known.cameras, width]),
            Self::LnPre(_) => config.has_ln_pre().then(|| vec![width]),
            Self::Block(layer, tensor) => (layer < config.layers).then(|| tensor.shape(config)),
            Self::Projection => config.has_projection().then(|| vec![embed_dim, width]),
            Self::Neck(norm, _) => (config.feature == Feature::Neck).then(|| vec![norm.length(config)]),
        }
    }
}

impl NeckNorm {
    fn length(self, config: &VitConfig) -> usize {
        match self {
            Self::Pooled => config.width,
            Self::Projected => config.embed_dim,
        }
    }
}

impl BlockTensor {
    fn shape(self, config: &VitConfig) -> Vec<usize> {
        let VitConfig { width, mlp_width, .. } = *config;
        let (part, [outputs, inputs]) = match self {
            Self::Ln1(_) | Self::Ln2(_) => return vec![width],
            Self::Query(part) | Self::Key(part) | Self::Value(part) | Self::AttentionOut(part) => {
                (part, [width, width])
            }
            Self::MlpIn(part) => (part, [mlp_width, width]),
            Self::MlpOut(part) => (part, [width, mlp_width]),
        };
        match part {
            Affine::Bias => vec![outputs],
            Affine::Weight => vec![outputs, inputs],
        }
    }
}

impl VitLayer {
    /// The layers of a network.
    pub fn all(config: &VitConfig) -> Vec<Self> {
        let blocks = (0..config.layers).flat_map(|at| BlockLayer::ALL.map(|layer| Self::Block(at, layer)));
        let outside = [
            (Self::Tokens, true),
            (Self::PatchEmbedding, true),
            (Self::CameraEmbedding, config.camera_embedding.is_some()),
            (Self::LnPre, config.has_ln_pre()),
            (Self::LnPost, true),
            (Self::Projection, config.has_projection()),
            (Self::Neck, config.feature == Feature::Neck),
        ];
        let outside = outside.into_iter().filter_map(|(layer, is_there)| is_there.then_some(layer));
        outside.chain(blocks).collect()
    }

    /// What kind of layer it is, and its shape.
    pub fn kind(self, config: &VitConfig) -> LayerKind {
        let VitConfig { width, mlp_width, embed_dim, patch_size, .. } = *config;
        match self {
            Self::Tokens => {
                LayerKind::Tokens(Grids { trained: config.trained_grid(), wanted: config.grid() }, width)
            }
            Self::PatchEmbedding => LayerKind::Projection([width, 3 * patch_size * patch_size]),
            Self::CameraEmbedding => LayerKind::Cameras(
                config.camera_embedding.map_or(0, |CameraEmbedding { cameras, .. }| cameras),
                width,
            ),
            Self::LnPre | Self::LnPost | Self::Block(_, BlockLayer::Ln1 | BlockLayer::Ln2) => {
                LayerKind::Norm(width)
            }
            Self::Block(_, BlockLayer::AttentionIn) => LayerKind::Linear([3 * width, width]),
            Self::Block(_, BlockLayer::AttentionOut) => LayerKind::Linear([width, width]),
            Self::Block(_, BlockLayer::MlpIn) => LayerKind::Linear([mlp_width, width]),
            Self::Block(_, BlockLayer::MlpOut) => LayerKind::Linear([width, mlp_width]),
            Self::Projection => LayerKind::Projection([embed_dim, width]),
            Self::Neck => LayerKind::Neck(width + embed_dim),
        }
    }

    /// Its tensors, and where in the layer each belongs.
    pub fn tensors(self, config: &VitConfig) -> Vec<(VitTensor, Destination)> {
        use Destination::{Values, Weights};
        match self {
            Self::Tokens => {
                vec![(VitTensor::ClassToken, Values(0)), (VitTensor::PositionalEmbedding, Values(0))]
            }
            Self::PatchEmbedding => vec![(VitTensor::PatchEmbedding, Weights(0))],
            Self::CameraEmbedding => vec![(VitTensor::CameraEmbedding, Values(0))],
            Self::LnPre => norm(VitTensor::LnPre, config.width),
            Self::LnPost => norm(VitTensor::LnPost, config.width),
            Self::Projection => vec![(VitTensor::Projection, Weights(0))],
            Self::Neck => neck(config),
            Self::Block(at, layer) => {
                let tensors = layer.tensors(config.width).into_iter();
                tensors.map(|(tensor, destination)| (VitTensor::Block(at, tensor), destination)).collect()
            }
        }
    }
}

impl BlockLayer {
    fn tensors(self, width: usize) -> Vec<(BlockTensor, Destination)> {
        match self {
            Self::Ln1 => norm(BlockTensor::Ln1, width),
            Self::Ln2 => norm(BlockTensor::Ln2, width),
            Self::AttentionIn => [BlockTensor::Query, BlockTensor::Key, BlockTensor::Value]
                .into_iter()
                .enumerate()
                .flat_map(|(index, tensor)| linear(tensor, index * width))
                .collect(),
            Self::AttentionOut => linear(BlockTensor::AttentionOut, 0).into(),
            Self::MlpIn => linear(BlockTensor::MlpIn, 0).into(),
            Self::MlpOut => linear(BlockTensor::MlpOut, 0).into(),
        }
    }
}

/// - `first`: output of the layer
fn linear<T>(tensor: fn(Affine) -> T, first: usize) -> [(T, Destination); 2] {
    [
        (tensor(Affine::Weight), Destination::Weights(first)),
        (tensor(Affine::Bias), Destination::Values(first)),
    ]
}

fn norm<T>(tensor: fn(Affine) -> T, width: usize) -> Vec<(T, Destination)> {
    vec![(tensor(Affine::Weight), Destination::Values(0)), (tensor(Affine::Bias), Destination::Values(width))]
}

/// Two batch norms side by side, as one.
fn neck(config: &VitConfig) -> Vec<(VitTensor, Destination)> {
    let length = config.width + config.embed_dim;
    let firsts = [(NeckNorm::Pooled, 0), (NeckNorm::Projected, config.width)];
    let tensors = firsts.into_iter().flat_map(|(norm, first)| {
        let parts = BatchNormPart::ALL.into_iter().enumerate();
        parts.map(move |(at, part)| (VitTensor::Neck(norm, part), Destination::Values(at * length + first)))
    });
    tensors.collect()
}
