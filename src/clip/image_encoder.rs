//! An encoder with its device: pixels in, embeddings out, as plain numbers.

use burn::tensor::{Device, Tensor, TensorData};

use super::modified_resnet::ModifiedResNet;
use super::{Architecture, FusedTransformer};
use crate::{Error, Result};

/// CLIP's image encoder, loaded on a device.
#[derive(Debug)]
pub struct ImageEncoder {
    network: Network,
    config: Architecture,
    device: Device,
}

/// What computes.
#[derive(Debug)]
pub(super) enum Network {
    Transformer(Box<FusedTransformer>),
    ResNet(Box<ModifiedResNet>),
}

impl Network {
    /// `[B, 3, H, W]` → `[B, D]`
    fn forward(&self, pixels: Tensor<4>) -> Tensor<2> {
        match self {
            Self::Transformer(network) => network.forward(pixels),
            Self::ResNet(network) => network.forward(pixels),
        }
    }

    /// How many of its weights are F16.
    fn half_weights(&self) -> usize {
        match self {
            Self::Transformer(network) => network.half_weights(),
            Self::ResNet(_) => 0,
        }
    }
}

impl ImageEncoder {
    pub(super) fn new(network: Network, config: Architecture, device: Device) -> Self {
        Self { network, config, device }
    }

    /// Kind and shape of the network.
    pub fn config(&self) -> &Architecture {
        &self.config
    }

    /// Bytes of its weights.
    pub fn bytes(&self) -> usize {
        size_of::<f32>() * self.config.parameters() - size_of::<u16>() * self.network.half_weights()
    }

    /// The number formats of weights and arithmetic: "F32", or "F16 weights, F32 arithmetic" if linear layers have
    /// F16 weights.
    pub fn precision(&self) -> &'static str {
        match self.network.half_weights() {
            0 => "F32",
            _ => "F16 weights, F32 arithmetic",
        }
    }

    /// Encodes a batch of images.
    ///
    /// - `pixels`: `[B, 3, H, W]`, normalised, H and W = `config().image_size()`
    /// - returns `[B, D]`, each row of length 1, D = `config().embed_dim()`
    ///
    /// # Errors
    ///
    /// [`Error::PixelCount`] if `pixels` is not a whole number of images, [`Error::Device`] if the device
    /// failed, [`Error::NotFinite`] if an embedding is not finite.
    pub async fn embed(&self, pixels: Vec<f32>) -> Result<Vec<f32>> {
        let [height, width] = self.config.image_size();
        let image = 3 * height * width;
        if pixels.is_empty() || !pixels.len().is_multiple_of(image) {
            return Err(Error::PixelCount { found: pixels.len(), image });
        }
        let shape = [pixels.len() / image, 3, height, width];
        let pixels = Tensor::from_data(TensorData::new(pixels, shape), &self.device);
        let data = self.network.forward(pixels).into_data_async().await;
        let embeddings = data
            .map_err(|cause| Error::Device(cause.to_string()))?
            .try_into_vec::<f32>()
            .map_err(|cause| Error::Device(format!("{cause:?}")))?;
        match embeddings.iter().all(|value| value.is_finite()) {
            true => Ok(embeddings),
            false => Err(Error::NotFinite),
        }
    }
}

/// The WebGPU device of the browser, natively what the system has instead; without it nothing can be put on the GPU.
///
/// # Errors
///
/// [`Error::Device`] if there is no adapter or it gives no device.
#[cfg(feature = "gpu")]
pub async fn webgpu_device() -> Result<Device> {
    let options = Device::wgpu_options();
    #[cfg(target_arch = "wasm32")]
    let options = options.graphics_api(burn::tensor::wgpu::WgpuBackend::WebGpu);
    options.init_async().await.map_err(|cause| Error::Device(cause.to_string()))
}
