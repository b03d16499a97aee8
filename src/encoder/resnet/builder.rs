//! From the tensors of a checkpoint to CLIP's modified ResNet.

use std::collections::HashMap;

use burn::tensor::{Device, Tensor, TensorData};

use crate::encoder::ResNetConfig;
use crate::encoder::batch_norm::{BatchNormPart, scale_and_shift};
use crate::encoder::naming::source::Arrangement;
use crate::encoder::resnet::config::BlockConfig;
use crate::encoder::resnet::network::{AttentionPool, Bottleneck, ModifiedResNet};
use crate::encoder::resnet::tensors::{NamedKernel, stem};
use crate::encoder::stored_tensor::StoredTensor;
use crate::encoder::tower_builder::missing;
use crate::kernels::PackedLinear;
use crate::{Error, Result};

/// Collects the tensors of a ResNet; each is freed as soon as it is packed.
pub(crate) struct ResNetBuilder {
    /// Under their names without the prefix, row-major.
    tensors: HashMap<String, Vec<f32>>,
    /// Where the encoder is going to run.
    device: Device,
}

impl ResNetBuilder {
    /// Starts a network on `device`.
    pub fn new(device: Device) -> Self {
        Self { tensors: HashMap::new(), device }
    }

    /// Whether a tensor has not arrived yet.
    pub fn awaits(&self, name: &str) -> bool {
        !self.tensors.contains_key(name)
    }

    /// Takes a tensor.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] if it arrived before.
    pub fn insert(&mut self, name: &str, stored: &StoredTensor) -> Result<()> {
        let mut values = Vec::new();
        stored.for_each_row(stored.rows_of(&Arrangement::Whole), |row| values.extend_from_slice(row));
        match self.tensors.insert(name.into(), values) {
            None => Ok(()),
            Some(_) => Err(Error::Checkpoint(format!("tensor {} appears twice", stored.name()))),
        }
    }

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

    /// A convolution that includes its batch norm, which scales and shifts each channel.
    fn convolution(&mut self, conv: &str, norm: &str, kernel: [usize; 4]) -> Result<PackedLinear> {
        let [out, inputs, side, _] = kernel;
        let weight = self.take(&format!("{conv}.weight"), &kernel)?;
        let mut weight = channels_last(&weight, inputs, side * side); // [out, side, side, in]
        let parts = BatchNormPart::ALL.map(|part| self.take(&format!("{norm}.{}", part.name()), &[out]));
        let [gamma, beta, mean, variance] = parts;
        let [scale, bias] = scale_and_shift(norm, [&gamma?, &beta?, &mean?, &variance?])?;
        for (channel, scale) in weight.chunks_exact_mut(side * side * inputs).zip(&scale) {
            channel.iter_mut().for_each(|weight| *weight *= scale);
        }
        Ok(PackedLinear::new(&weight, &bias, &self.device))
    }

    fn attnpool(&mut self, config: &ResNetConfig) -> Result<AttentionPool> {
        let features = config.features();
        let positions = self.take("attnpool.positional_embedding", &[config.tokens(), features])?;
        let positions = TensorData::new(positions, [config.tokens(), features]);
        Ok(AttentionPool {
            positional_embedding: Tensor::from_data(positions, &self.device),
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
            weight.extend(self.take(&format!("{name}.weight"), &[out, inputs])?);
            bias.extend(self.take(&format!("{name}.bias"), &[out])?);
        }
        Ok(PackedLinear::new(&weight, &bias, &self.device))
    }

    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
        self.tensors.remove(name).ok_or_else(|| missing(name, shape))
    }
}

/// Puts the input channels innermost: `[out, in, positions]` → `[out, positions, in]`
fn channels_last(weight: &[f32], inputs: usize, positions: usize) -> Vec<f32> {
    let kernels = weight.chunks_exact(inputs * positions);
    let values = kernels.flat_map(|kernel| {
        (0..positions).flat_map(move |position| kernel[position..].iter().step_by(positions).copied())
    });
    values.collect()
}
