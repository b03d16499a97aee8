//! From the tensors of a checkpoint to CLIP's modified ResNet.

use std::collections::HashMap;

use burn::tensor::{Device, Tensor, TensorData};

use super::ResNetConfig;
use super::checkpoint::missing;
use super::fused_transformer::numbers;
use super::modified_resnet::{AttentionPool, Bottleneck, ModifiedResNet};
use super::resnet_config::BlockConfig;
use super::resnet_layout::{NORM, NamedKernel, stem};
use crate::kernels::PackedLinear;
use crate::{Error, Result};

/// Added to the variance in batch norms.
const EPSILON: f32 = 1e-5;

/// Packs weights; each is given up as soon as it is packed.
pub(super) struct ResNetBuilder<'a> {
    /// Under their names without the prefix.
    pub tensors: HashMap<String, Tensor<1>>,
    /// Where the encoder shall run.
    pub device: &'a Device,
}

impl ResNetBuilder<'_> {
    /// Puts the network together.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] names the first tensor that was not handed in, or a variance below 0.
    pub fn build(mut self, config: &ResNetConfig) -> Result<ModifiedResNet> {
        let [first, second, third] = stem(config);
        let mut conv = |(conv, norm, kernel): NamedKernel| self.convolution(conv, norm, kernel);
        Ok(ModifiedResNet {
            stem: [conv(first)?, conv(second)?, conv(third)?],
            blocks: config.blocks().iter().map(|block| self.block(block)).collect::<Result<_>>()?,
            attnpool: self.attnpool(config)?,
        })
    }

    fn block(&mut self, block: &BlockConfig) -> Result<Bottleneck> {
        let mut conv = |(conv, norm, kernel): NamedKernel| {
            let at = |part| format!("{}.{part}", block.name);
            self.convolution(&at(conv), &at(norm), kernel)
        };
        let [first, second, third] = block.convolutions();
        Ok(Bottleneck {
            conv1: conv(first)?,
            conv2: conv(second)?,
            conv3: conv(third)?,
            downsample: block.downsample().map(conv).transpose()?,
            halves: block.halves,
        })
    }

    /// A convolution with its batch norm in it: that scales each channel and moves it.
    fn convolution(&mut self, conv: &str, norm: &str, kernel: [usize; 4]) -> Result<PackedLinear> {
        let [out, inputs, side, _] = kernel;
        let weight = self.take(&format!("{conv}.weight"), kernel)?.permute([0, 2, 3, 1]); // [out, side, side, in]
        let mut weight = numbers(weight)?;
        let [gamma, beta, mean, variance] = NORM.map(|part| self.numbers(&format!("{norm}.{part}"), [out]));
        let variance = variance?;
        if let Some(found) = variance.iter().find(|variance| **variance < 0.0) {
            return Err(Error::Checkpoint(format!(
                "tensor {norm}.running_var holds {found}; a variance is accepted from 0"
            )));
        }
        let scale =
            gamma?.into_iter().zip(variance).map(|(gamma, variance)| gamma / (variance + EPSILON).sqrt());
        let scale: Vec<f32> = scale.collect();
        for (channel, scale) in weight.chunks_exact_mut(side * side * inputs).zip(&scale) {
            channel.iter_mut().for_each(|weight| *weight *= scale);
        }
        let moved = beta?.into_iter().zip(mean?).zip(scale);
        let bias: Vec<f32> = moved.map(|((beta, mean), scale)| beta - mean * scale).collect();
        Ok(PackedLinear::new(&weight, &bias, self.device))
    }

    fn attnpool(&mut self, config: &ResNetConfig) -> Result<AttentionPool> {
        let features = config.features();
        let places = self.numbers("attnpool.positional_embedding", [config.tokens(), features])?;
        let places = TensorData::new(places, [config.tokens(), features]);
        Ok(AttentionPool {
            positional_embedding: Tensor::from_data(places, self.device),
            q_proj: self.linear(&["attnpool.q_proj"], features, features)?,
            kv_proj: self.linear(&["attnpool.k_proj", "attnpool.v_proj"], features, features)?,
            c_proj: self.linear(&["attnpool.c_proj"], features, config.embed_dim)?,
            heads: config.heads,
        })
    }

    /// Linear layers side by side.
    fn linear(&mut self, names: &[&str], inputs: usize, out: usize) -> Result<PackedLinear> {
        let (mut weight, mut bias) = (Vec::new(), Vec::new());
        for name in names {
            weight.extend(self.numbers(&format!("{name}.weight"), [out, inputs])?);
            bias.extend(self.numbers(&format!("{name}.bias"), [out])?);
        }
        Ok(PackedLinear::new(&weight, &bias, self.device))
    }

    fn numbers<const D: usize>(&mut self, name: &str, shape: [usize; D]) -> Result<Vec<f32>> {
        numbers(self.take(name, shape)?)
    }

    fn take<const D: usize>(&mut self, name: &str, shape: [usize; D]) -> Result<Tensor<D>> {
        match self.tensors.remove(name) {
            Some(tensor) => Ok(tensor.reshape(shape)),
            None => Err(missing(name, &shape)),
        }
    }
}
