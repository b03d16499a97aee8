//! Networks of any family: while their tensors arrive, and when they run.

use burn::tensor::{Device, Tensor};

use super::{Architecture, NetworkTensor};
use crate::encoder::naming::source::Arrangement;
use crate::encoder::options::arithmetic::Arithmetic;
use crate::encoder::resnet::builder::ResNetBuilder;
use crate::encoder::resnet::config::ResNetConfig;
use crate::encoder::resnet::network::ModifiedResNet;
use crate::encoder::stored_tensor::StoredTensor;
use crate::encoder::vit::builder::VitBuilder;
use crate::encoder::vit::config::VitConfig;
use crate::encoder::vit::fused::FusedTransformer;
use crate::encoder::vit::layer::Packing;
use crate::{Error, Result};

/// A network on a device.
#[derive(Debug)]
pub(crate) enum Network {
    Vit(Box<FusedTransformer>),
    ResNet(Box<ModifiedResNet>),
}

impl Network {
    /// `[B, 3, H, W]` → `[B, D]`, of any length
    ///
    /// - `cameras`: of each image, where the network has embeddings of cameras
    pub fn forward(&self, pixels: Tensor<4>, cameras: &[usize]) -> Tensor<2> {
        match self {
            Self::Vit(network) => network.forward(pixels, cameras),
            Self::ResNet(network) => network.forward(pixels),
        }
    }

    /// Number of weights that are integers of 8 bits.
    pub fn integer_weights(&self) -> usize {
        match self {
            Self::Vit(network) => network.integer_weights(),
            Self::ResNet(_) => 0,
        }
    }

    /// Number of weights that are F16.
    pub fn half_weights(&self) -> usize {
        match self {
            Self::Vit(network) => network.half_weights(),
            Self::ResNet(_) => 0,
        }
    }
}

/// A network whose tensors are arriving.
pub(crate) enum NetworkBuilder {
    Vit(VitConfig, Box<VitBuilder>),
    ResNet(ResNetConfig, ResNetBuilder),
}

impl NetworkBuilder {
    /// - `half_weights`: on a GPU the weights of linear layers become F16, however they are stored
    /// - `arithmetic`: of a Vision Transformer's blocks, on the CPU
    pub fn new(config: &Architecture, device: Device, half_weights: bool, arithmetic: Arithmetic) -> Self {
        match config {
            Architecture::Vit(config) => {
                let packing = Packing::new(config.layer_norm_eps, device, half_weights, arithmetic);
                Self::Vit(config.clone(), Box::new(VitBuilder::new(config, packing)))
            }
            Architecture::ResNet(config) => Self::ResNet(config.clone(), ResNetBuilder::new(device)),
        }
    }

    /// Takes a tensor of the network out of a tensor of the file.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] if it arrived before, [`Error::Device`] if the device failed.
    pub fn insert(
        &mut self,
        tensor: &NetworkTensor,
        arrangement: &Arrangement,
        stored: &StoredTensor,
    ) -> Result<()> {
        match (self, tensor) {
            (Self::Vit(_, builder), NetworkTensor::Vit(tensor)) => {
                builder.insert(*tensor, arrangement, stored)
            }
            (Self::ResNet(_, builder), NetworkTensor::ResNet(name)) => builder.insert(name, stored),
            _ => Err(Error::Checkpoint(format!("tensor {} belongs to another family", stored.name()))),
        }
    }

    /// Whether a tensor has not arrived yet.
    pub fn awaits(&self, tensor: &NetworkTensor) -> bool {
        match (self, tensor) {
            (Self::Vit(_, builder), NetworkTensor::Vit(tensor)) => builder.awaits(*tensor),
            (Self::ResNet(_, builder), NetworkTensor::ResNet(name)) => builder.awaits(name),
            _ => true,
        }
    }

    /// Puts the network together.
    ///
    /// # Errors
    ///
    /// [`Error::Checkpoint`] if a layer is incomplete.
    pub fn finish(self) -> Result<Network> {
        Ok(match self {
            Self::Vit(config, mut builder) => {
                Network::Vit(Box::new(FusedTransformer::new(&config, &mut builder)?))
            }
            Self::ResNet(config, builder) => Network::ResNet(Box::new(builder.build(&config)?)),
        })
    }
}
