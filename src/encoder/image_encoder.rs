//! An encoder on its device: pixels in, embeddings out.

use burn::tensor::{Device, FloatDType, Tensor, TensorData};

use crate::encoder::family::network::Network;
use crate::encoder::options::augmentation::with_mirrored;
use crate::encoder::vit::reference::l2_normalise;
use crate::encoder::{Architecture, Augmentation, CameraEmbedding, TowerPlan};
use crate::kernels::GpuKernel;
use crate::{Error, Result};

/// CLIP's image encoder, loaded on a device.
#[derive(Debug)]
pub struct ImageEncoder {
    network: Network,
    config: Architecture,
    device: Device,
    augmentation: Augmentation,
    kernel: GpuKernel,
}

impl ImageEncoder {
    pub(crate) fn new(network: Network, plan: &TowerPlan, device: Device) -> Self {
        let (config, augmentation) = (plan.config().clone(), plan.augmentation());
        Self { network, config, device, augmentation, kernel: GpuKernel::default() }
    }

    /// Family and shape of the network.
    pub fn config(&self) -> &Architecture {
        &self.config
    }

    /// Size of its weights, in bytes.
    pub fn bytes(&self) -> usize {
        let all = size_of::<f32>() * self.config.parameters();
        all - 2 * self.network.half_weights() - 3 * self.network.integer_weights()
    }

    /// The number formats of weights and arithmetic: "F32", or if linear layers have F16 weights, "F16 weights, F32
    /// arithmetic" or "F16 weights, F16 products"; if they compute with integers, "8-bit weights, 16-bit activations".
    pub fn precision(&self) -> &'static str {
        if self.network.integer_weights() > 0 {
            return "8-bit weights, 16-bit activations";
        }
        match (self.network.half_weights(), self.kernel.is_half()) {
            (0, _) => "F32",
            (_, false) => "F16 weights, F32 arithmetic",
            (_, true) => "F16 weights, F16 products",
        }
    }

    /// The ways in which its device can compute. F16 products need F16 weights.
    pub fn kernels(&self) -> Vec<GpuKernel> {
        let has_f16 = self.network.half_weights() > 0 && self.device.supports_dtype(FloatDType::F16);
        let is_possible = |kernel: &GpuKernel| match kernel {
            GpuKernel::Registers => true,
            GpuKernel::Workgroup | GpuKernel::Shared => self.device != Device::flex(),
            GpuKernel::SharedF16 => has_f16,
        };
        GpuKernel::ALL.into_iter().filter(is_possible).collect()
    }

    /// Makes it compute in one of the ways of [`ImageEncoder::kernels`].
    pub fn set_kernel(&mut self, kernel: GpuKernel) {
        self.kernel = kernel;
    }

    /// The embeddings of cameras that it adds, if any: then the camera of each image must be known.
    pub fn cameras(&self) -> Option<CameraEmbedding> {
        self.config.vit()?.camera_embedding
    }

    /// [`ImageEncoder::embed_with_cameras`] of images whose cameras are not needed.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn embed(&self, pixels: Vec<f32>) -> Result<Vec<f32>> {
        self.embed_with_cameras(pixels, &[]).await
    }

    /// [`ImageEncoder::embed_with_cameras`] of images that only measure or check the encoder, as if the first camera
    /// had taken them.
    ///
    /// # Errors
    ///
    /// As there.
    pub async fn embed_as_a_check(&self, pixels: Vec<f32>) -> Result<Vec<f32>> {
        let [height, width] = self.config.image_size();
        let images = pixels.len() / (3 * height * width);
        let cameras = self.cameras().map_or_else(Vec::new, |_| vec![0; images]);
        self.embed_with_cameras(pixels, &cameras).await
    }

    /// Encodes a batch of images. If F16 products lead to embeddings that are not finite, F32 products are tried.
    ///
    /// - `pixels`: `[B, 3, H, W]`, normalised, H and W = `config().image_size()`
    /// - `cameras`: that of each image, from 0, as returned by [`CameraEmbedding::index_of`]; without
    ///   [`ImageEncoder::cameras`] none is needed
    /// - returns `[B, D]`, each row of length 1, D = `config().embed_dim()`
    ///
    /// # Errors
    ///
    /// [`Error::PixelCount`] if `pixels` is not a whole number of images, [`Error::Device`] if the device
    /// failed, [`Error::NotFinite`] if an embedding is not finite, [`Error::CameraCount`] or [`Error::Camera`] if
    /// cameras are missing or unknown.
    pub async fn embed_with_cameras(&self, pixels: Vec<f32>, cameras: &[usize]) -> Result<Vec<f32>> {
        let [height, width] = self.config.image_size();
        let image = 3 * height * width;
        if pixels.is_empty() || !pixels.len().is_multiple_of(image) {
            return Err(Error::PixelCount { found: pixels.len(), image });
        }
        let cameras = self.checked_cameras(cameras, pixels.len() / image)?;
        let (pixels, cameras) = match self.augmentation {
            Augmentation::None => (pixels, cameras),
            Augmentation::Flip => (with_mirrored(pixels, width), [&cameras[..], &cameras].concat()),
        };
        let shape = [pixels.len() / image, 3, height, width];
        let pixels = Tensor::from_data(TensorData::new(pixels, shape), &self.device);
        match self.forward(pixels.clone(), &cameras, self.kernel).await {
            Err(Error::NotFinite) if self.kernel.is_half() => {
                self.forward(pixels, &cameras, GpuKernel::Shared).await
            }
            result => result,
        }
    }

    /// The cameras that are used, one for each image.
    fn checked_cameras(&self, cameras: &[usize], images: usize) -> Result<Vec<usize>> {
        let Some(CameraEmbedding { cameras: known, .. }) = self.cameras() else { return Ok(Vec::new()) };
        if cameras.len() != images {
            return Err(Error::CameraCount { found: cameras.len(), images });
        }
        match cameras.iter().find(|camera| **camera >= known) {
            None => Ok(cameras.to_vec()),
            Some(camera) => Err(Error::Camera { found: format!("\"{}\"", camera + 1), cameras: known }),
        }
    }

    /// `[B, 3, H, W]` → `[B, D]`; with mirror images `[2B, 3, H, W]` → `[B, D]`
    async fn forward(&self, pixels: Tensor<4>, cameras: &[usize], kernel: GpuKernel) -> Result<Vec<f32>> {
        let embeddings = kernel.during(|| {
            let embeddings = self.network.forward(pixels, cameras);
            l2_normalise(match self.augmentation {
                Augmentation::None => embeddings,
                Augmentation::Flip => halves_added(embeddings),
            })
        });
        let data = embeddings.into_data_async().await;
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

/// `[2B, D]` → `[B, D]`
fn halves_added(embeddings: Tensor<2>) -> Tensor<2> {
    let half = embeddings.dims()[0] / 2;
    embeddings.clone().narrow(0, 0, half) + embeddings.narrow(0, half, half)
}
