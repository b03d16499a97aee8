//! The tensors of CLIP's ResNet, under the names that OpenAI gave them.

use super::config::{BlockConfig, ResNetConfig};
use crate::encoder::batch_norm::BatchNormPart;
use crate::encoder::family::NetworkTensor;
use crate::encoder::naming::source::{Arrangement, TensorSource};

/// A convolution, the batch norm after it, and the shape of its weights: `[out, in, side, side]`.
pub(crate) type NamedKernel = (&'static str, &'static str, [usize; 4]);

/// The convolutions before the blocks.
pub(crate) fn stem(config: &ResNetConfig) -> [NamedKernel; 3] {
    let half = config.width / 2;
    [
        ("conv1", "bn1", [half, 3, 3, 3]),
        ("conv2", "bn2", [half, half, 3, 3]),
        ("conv3", "bn3", [config.width, half, 3, 3]),
    ]
}

impl BlockConfig {
    /// The convolutions inside; their names without the beginning.
    pub(crate) fn convolutions(&self) -> [NamedKernel; 3] {
        let Self { inputs, width, .. } = *self;
        [
            ("conv1", "bn1", [width, inputs, 1, 1]),
            ("conv2", "bn2", [width, width, 3, 3]),
            ("conv3", "bn3", [self.outputs(), width, 1, 1]),
        ]
    }

    /// The convolution in the shortcut, where the shape changes.
    pub(crate) fn downsample(&self) -> Option<NamedKernel> {
        let changes = self.halves || self.inputs != self.outputs();
        changes.then_some(("downsample.0", "downsample.1", [self.outputs(), self.inputs, 1, 1]))
    }
}

/// The tensors of a file that holds such a network.
///
/// TensorSource: openai/CLIP@dcba3cb `clip/model.py` and its state dict.
///
/// - `prefix`: before all names in the file
pub(crate) fn sources(config: &ResNetConfig, prefix: &str) -> Vec<TensorSource> {
    let whole = |(name, shape): (String, Vec<usize>)| TensorSource {
        name: format!("{prefix}{name}"),
        shape,
        parts: vec![(NetworkTensor::ResNet(name), Arrangement::Whole)],
    };
    tensors(config).into_iter().map(whole).collect()
}

fn tensors(config: &ResNetConfig) -> Vec<(String, Vec<usize>)> {
    let mut tensors = Vec::new();
    let mut convolution = |conv: String, norm: String, kernel: [usize; 4]| {
        tensors.push((format!("{conv}.weight"), kernel.to_vec()));
        for part in BatchNormPart::ALL {
            tensors.push((format!("{norm}.{}", part.name()), vec![kernel[0]]));
        }
    };
    for (conv, norm, kernel) in stem(config) {
        convolution(conv.into(), norm.into(), kernel);
    }
    for block in config.blocks() {
        for (conv, norm, kernel) in block.convolutions().into_iter().chain(block.downsample()) {
            convolution(format!("{}.{conv}", block.name), format!("{}.{norm}", block.name), kernel);
        }
    }
    let features = config.features();
    tensors.push(("attnpool.positional_embedding".into(), vec![config.tokens(), features]));
    for (proj, out) in
        [("q_proj", features), ("k_proj", features), ("v_proj", features), ("c_proj", config.embed_dim)]
    {
        tensors.push((format!("attnpool.{proj}.weight"), vec![out, features]));
        tensors.push((format!("attnpool.{proj}.bias"), vec![out]));
    }
    tensors
}
