//! From the tensors of a checkpoint to an encoder.

use burn::tensor::Device;

use crate::encoder::image_encoder::Network;
use crate::encoder::naming::layout::Source;
use crate::encoder::resnet::builder::ResNetBuilder;
use crate::encoder::stored_tensor::StoredTensor;
use crate::encoder::vit::builder::Layers;
use crate::encoder::vit::layer::Packing;
use crate::encoder::{Architecture, FusedTransformer, ImageEncoder, TowerPlan};
use crate::{Error, Result};

/// Builds an [`ImageEncoder`] from tensors that are handed in one by one, in any order.
///
/// A layer goes to the device as soon as all its tensors are there, so that in the order of the file hardly more than
/// the tensors of one block are held beside the encoder.
///
/// On the CPU weights become F32, or integers if the plan's arithmetic says so. On a GPU those of linear layers that are stored as F16 stay F16, as far as that
/// loses nothing, and take half the memory; the arithmetic is F32.
pub struct TowerBuilder {
    plan: TowerPlan,
    device: Device,
    parts: Parts,
}

impl TowerBuilder {
    /// Starts an encoder on `device`.
    pub fn new(plan: TowerPlan, device: Device) -> Self {
        let parts = Parts::new(&plan, device.clone(), false);
        Self { plan, device, parts }
    }

    /// Starts an encoder on `device`; on a GPU the weights of its linear layers are rounded to F16, but for layers with
    /// weights that F16 does not hold.
    pub fn with_half_weights(plan: TowerPlan, device: Device) -> Self {
        let parts = Parts::new(&plan, device.clone(), true);
        Self { plan, device, parts }
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
        parts.iter().try_for_each(|(part, form)| match &mut self.parts {
            Parts::Transformer(layers) => layers.insert(part, form, &stored),
            Parts::ResNet(builder) => builder.insert(part, &stored),
        })
    }

    /// Puts the encoder together.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] names the first tensor that was not handed in.
    pub fn finish(self) -> Result<ImageEncoder> {
        if let Some(Source { name, shape, .. }) =
            self.plan.sources().find(|source| self.parts.await_any(source))
        {
            return Err(missing(name, shape));
        }
        let network = match (self.plan.config(), self.parts) {
            (Architecture::Transformer(config), Parts::Transformer(mut layers)) => {
                Network::Transformer(Box::new(FusedTransformer::new(config, &mut layers)?))
            }
            (Architecture::ResNet(config), Parts::ResNet(builder)) => {
                Network::ResNet(Box::new(builder.build(config)?))
            }
            _ => unreachable!("the parts are made for the plan's architecture"),
        };
        Ok(ImageEncoder::new(network, &self.plan, self.device))
    }
}

/// What has come of a network.
enum Parts {
    Transformer(Box<Layers>),
    ResNet(ResNetBuilder),
}

impl Parts {
    fn new(plan: &TowerPlan, device: Device, half_weights: bool) -> Self {
        match plan.config() {
            Architecture::Transformer(config) => {
                let packing = Packing::new(config.layer_norm_eps, device, half_weights, plan.arithmetic());
                Self::Transformer(Box::new(Layers::new(config, packing)))
            }
            Architecture::ResNet(_) => Self::ResNet(ResNetBuilder::new(device)),
        }
    }

    /// Whether one of the tensors that are made of a tensor of the file has not come.
    fn await_any(&self, source: &Source) -> bool {
        source.parts.iter().any(|(part, _)| match self {
            Self::Transformer(layers) => layers.awaits(part),
            Self::ResNet(builder) => builder.awaits(part),
        })
    }
}

pub(crate) fn missing(name: &str, shape: &[usize]) -> Error {
    Error::Checkpoint(format!("tensor {name} {shape:?}, which the encoder needs, was not handed in"))
}
