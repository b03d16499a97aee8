//! From the tensors of a checkpoint to an encoder.

use burn::tensor::Device;

use super::layers::Layers;
use super::layout::Source;
use super::stored_tensor::StoredTensor;
use super::{FusedTransformer, ImageEncoder, TowerPlan};
use crate::{Error, Result};

/// Builds an [`ImageEncoder`] from tensors that are handed in one by one, in any order.
///
/// A layer goes to the device as soon as all its tensors are there, so that in the order of the file hardly more than
/// the tensors of one block are held beside the encoder.
///
/// On the CPU weights become F32. On a GPU those of linear layers that are stored as F16 stay F16, as far as that
/// loses nothing, and take half the memory; the arithmetic is F32.
pub struct TowerBuilder {
    plan: TowerPlan,
    device: Device,
    layers: Layers,
}

impl TowerBuilder {
    /// Starts an encoder on `device`.
    pub fn new(plan: TowerPlan, device: Device) -> Self {
        let layers = Layers::new(plan.config(), device.clone(), false);
        Self { plan, device, layers }
    }

    /// Starts an encoder on `device`; on a GPU the weights of its linear layers are rounded to F16, but for layers with
    /// weights that F16 does not hold.
    pub fn with_half_weights(plan: TowerPlan, device: Device) -> Self {
        let layers = Layers::new(plan.config(), device.clone(), true);
        Self { plan, device, layers }
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
        let Source { shape, parts, .. } = self.plan.source(name)?;
        let stored = StoredTensor::new(name, dtype, shape, bytes)?;
        parts.iter().try_for_each(|(part, form)| self.layers.insert(part, form, &stored))
    }

    /// Puts the encoder together.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] names the first tensor that was not handed in.
    pub fn finish(mut self) -> Result<ImageEncoder> {
        let is_awaited = |source: &&Source| source.parts.iter().any(|(part, _)| self.layers.awaits(part));
        if let Some(Source { name, shape, .. }) = self.plan.sources().find(is_awaited) {
            return Err(missing(name, shape));
        }
        let config = self.plan.config().clone();
        let network = FusedTransformer::new(&config, &mut self.layers)?;
        Ok(ImageEncoder::new(network, config, self.device))
    }
}

pub(super) fn missing(name: &str, shape: &[usize]) -> Error {
    Error::Checkpoint(format!("tensor {name} {shape:?}, which the encoder needs, was not handed in"))
}
