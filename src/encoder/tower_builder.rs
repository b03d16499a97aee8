//! From the tensors of a checkpoint to an encoder.

use burn::tensor::Device;

use super::family::network::NetworkBuilder;
use super::naming::source::TensorSource;
use super::stored_tensor::StoredTensor;
use super::{ImageEncoder, TowerPlan};
use crate::{Error, Result};

/// Builds an [`ImageEncoder`] from tensors that are handed in one by one, in any order.
///
/// A layer goes to the device as soon as all its tensors have arrived. In the order of the file, little more than the
/// tensors of one block are held beside the encoder.
///
/// On the CPU weights become F32, or integers if the plan's arithmetic asks for them. On a GPU, weights of linear
/// layers that are stored as F16 stay F16 where that loses nothing, and take half the memory; the arithmetic is F32.
pub struct TowerBuilder {
    plan: TowerPlan,
    device: Device,
    network: NetworkBuilder,
}

impl TowerBuilder {
    /// Starts an encoder on `device`.
    pub fn new(plan: TowerPlan, device: Device) -> Self {
        Self::start(plan, device, false)
    }

    /// Starts an encoder on `device`. On a GPU the weights of its linear layers are rounded to F16, except in layers
    /// with weights that F16 cannot represent.
    pub fn with_half_weights(plan: TowerPlan, device: Device) -> Self {
        Self::start(plan, device, true)
    }

    fn start(plan: TowerPlan, device: Device, half_weights: bool) -> Self {
        let network = NetworkBuilder::new(plan.config(), device.clone(), half_weights, plan.arithmetic());
        Self { plan, device, network }
    }

    /// Hands in one tensor of [`TowerPlan::tensors`].
    ///
    /// - `dtype`: as in the file's header, one of "F32", "F16", "BF16"
    /// - `bytes`: little-endian elements, row-major
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] if the tensor is unknown, was handed in before, has another length than
    /// expected, or holds a value that is not finite; [`Error::Device`] if the device failed.
    pub fn insert(&mut self, name: &str, dtype: &str, bytes: &[u8]) -> Result<()> {
        let TensorSource { shape, parts, .. } = self.plan.source(name)?;
        let stored = StoredTensor::new(name, dtype, shape, bytes)?;
        parts.iter().try_for_each(|(tensor, arrangement)| self.network.insert(tensor, arrangement, &stored))
    }

    /// Puts the encoder together.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] names the first tensor that was not handed in.
    pub fn finish(self) -> Result<ImageEncoder> {
        let is_awaited =
            |source: &&TensorSource| source.parts.iter().any(|(tensor, _)| self.network.awaits(tensor));
        if let Some(TensorSource { name, shape, .. }) = self.plan.sources().find(is_awaited) {
            return Err(missing(name, shape));
        }
        let network = self.network.finish()?;
        Ok(ImageEncoder::new(network, &self.plan, self.device))
    }
}

pub(crate) fn missing(name: &str, shape: &[usize]) -> Error {
    Error::Checkpoint(format!("tensor {name} {shape:?}, which the encoder needs, was not handed in"))
}
