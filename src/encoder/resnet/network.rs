//! CLIP's modified ResNet, on packed weights.
//!
//! Source: openai/CLIP@dcba3cb `clip/model.py` (`ModifiedResNet`, `Bottleneck`, `AttentionPool2d`); the names of the
//! parts are taken from there. Batch norms are parts of the convolutions before them, and channels are innermost:
//! that makes convolutions of 1 × 1 linear layers.

use burn::tensor::Tensor;
use burn::tensor::activation::{relu, softmax};

use crate::kernels::{Finish, PackedLinear};

/// Image encoder: pixels to unit-length embeddings.
///
/// Shapes: B images, S pixels per side, W `width`, G positions per side after the last stage, T = G² + 1 tokens,
/// F = 32·W features, D `embed_dim`.
#[derive(Debug)]
pub struct ModifiedResNet {
    /// Convolutions of 3 × 3 with their batch norms, the first with stride 2.
    pub(crate) stem: [PackedLinear; 3],
    /// Of all four stages, in the order of computation.
    pub(crate) blocks: Vec<Bottleneck>,
    /// Instead of an average.
    pub(crate) attnpool: AttentionPool,
}

impl ModifiedResNet {
    /// Encodes images.
    ///
    /// - `pixels`: `[B, 3, S, S]`, normalised
    /// - returns `[B, D]`, of any length
    pub fn forward(&self, pixels: Tensor<4>) -> Tensor<2> {
        let [conv1, conv2, conv3] = &self.stem;
        let x = pixels.permute([0, 2, 3, 1]); // [B, S, S, 3]
        let x = conv1.convolution(x, 2, Finish::Relu); // [B, S/2, S/2, W/2]
        let x = conv2.convolution(x, 1, Finish::Relu);
        let x = halve(conv3.convolution(x, 1, Finish::Relu)); // [B, S/4, S/4, W]
        let x = self.blocks.iter().fold(x, |x, block| block.forward(x)); // [B, G, G, F]
        self.attnpool.forward(x) // [B, D]
    }
}

/// A block: around its three convolutions there is a way that at most adapts the shape.
#[derive(Debug)]
pub(crate) struct Bottleneck {
    /// 1 × 1
    pub conv1: PackedLinear,
    /// 3 × 3
    pub conv2: PackedLinear,
    /// 1 × 1
    pub conv3: PackedLinear,
    /// 1 × 1, on the way around.
    pub downsample: Option<PackedLinear>,
    /// Whether height and width are halved: by an average, so that no pixel is skipped.
    pub halves: bool,
}

impl Bottleneck {
    /// `[B, H, W, C]` → `[B, H, W, C']`, or half as high and wide
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let y = pointwise(&self.conv1, x.clone(), Finish::Relu);
        let y = self.conv2.convolution(y, 1, Finish::Relu);
        let (x, y) = if self.halves { (halve(x), halve(y)) } else { (x, y) };
        let around = match &self.downsample {
            Some(conv) => pointwise(conv, x, Finish::None),
            None => x,
        };
        let shape = around.dims();
        relu(self.conv3.add_to(rows(y), rows(around))).reshape(shape)
    }
}

/// Multi-head attention whose only query is the mean.
#[derive(Debug)]
pub(crate) struct AttentionPool {
    /// `[T, F]`, the mean's first.
    pub positional_embedding: Tensor<2>,
    /// `[F, F]`
    pub q_proj: PackedLinear,
    /// `[F, 2F]`: keys and values.
    pub kv_proj: PackedLinear,
    /// `[F, D]`
    pub c_proj: PackedLinear,
    /// H, divides F.
    pub heads: usize,
}

impl AttentionPool {
    /// `[B, G, G, F]` → `[B, D]`
    fn forward(&self, x: Tensor<4>) -> Tensor<2> {
        let [batch, grid, _, features] = x.dims();
        let (heads, channels) = (self.heads, features / self.heads);
        let positions = x.reshape([batch, grid * grid, features]);
        let tokens = Tensor::cat(vec![positions.clone().mean_dim(1), positions], 1); // [B, T, F]
        let tokens = tokens + self.positional_embedding.clone().unsqueeze();
        let mean = tokens.clone().narrow(1, 0, 1).reshape([batch, features]);
        let query = self.q_proj.apply(mean, Finish::None).reshape([batch, 1, heads, channels]);
        let tokens = tokens.reshape([batch * (grid * grid + 1), features]);
        let kv = self.kv_proj.apply(tokens, Finish::None).reshape([batch, grid * grid + 1, 2, features]);
        let [keys, values] = [0, 1]
            .map(|part| kv.clone().narrow(2, part, 1).reshape([batch, grid * grid + 1, heads, channels]));
        let scores = (query * keys).sum_dim(3) / (channels as f64).sqrt(); // [B, T, H, 1]
        let mixed = (softmax(scores, 1) * values).sum_dim(1); // [B, 1, H, F/H]
        self.c_proj.apply(mixed.reshape([batch, features]), Finish::None)
    }
}

/// A convolution of 1 × 1.
fn pointwise(conv: &PackedLinear, x: Tensor<4>, finish: Finish) -> Tensor<4> {
    let [batch, height, width, _] = x.dims();
    conv.apply(rows(x), finish).reshape([batch as i32, height as i32, width as i32, -1])
}

/// `[B, H, W, C]` → `[B·H·W, C]`
fn rows(x: Tensor<4>) -> Tensor<2> {
    let [batch, height, width, channels] = x.dims();
    x.reshape([batch * height * width, channels])
}

/// Averages of 2 × 2; a last odd row or column is left out: `[B, H, W, C]` → `[B, ⌊H/2⌋, ⌊W/2⌋, C]`
fn halve(x: Tensor<4>) -> Tensor<4> {
    let [batch, height, width, channels] = x.dims();
    let (height, width) = (height / 2, width / 2);
    let x = x.narrow(1, 0, 2 * height).narrow(2, 0, 2 * width);
    let x = x.reshape([batch * height, 2, width, 2 * channels]);
    let x = x.clone().narrow(1, 0, 1) + x.narrow(1, 1, 1); // [B·H/2, 1, W/2, 2C]
    let x = x.clone().narrow(3, 0, channels) + x.narrow(3, channels, channels);
    (x * 0.25).reshape([batch, height, width, channels])
}
