//! Encoders on a GPU whose linear layers keep their weights as F16, against the same weights on the CPU.

use burn::tensor::Device;
use reid_web::encoder::{ImageEncoder, TowerBuilder, VitConfig};

use crate::encoder::tower_weights::{Stored, Weights};
use crate::encoder::towers::{LAYOUTS, TOWERS, Tower, largest_difference};

/// Largest absolute difference of a unit embedding's elements.
const TOLERANCE: f32 = 1e-4;
/// Likewise with F16 products.
const HALF_TOLERANCE: f32 = 5e-3;

impl Weights {
    /// How many are those of linear layers.
    fn linear(&self) -> usize {
        let VitConfig { width, mlp_width, layers, embed_dim, patch_size, .. } =
            *self.plan.config().vit().unwrap();
        let block = 4 * width * width + 2 * width * mlp_width;
        layers * block + width * 3 * patch_size * patch_size + embed_dim * width
    }
}

pub async fn half_weights(device: &Device) {
    for tower in TOWERS.into_iter().chain(LAYOUTS) {
        let weights = Weights::of(&tower);
        if weights.plan.config().resnet().is_some() {
            assert_eq!(weights.load(device, Stored::F16).precision(), "F32", "{}", tower.name);
            continue;
        }
        stays_half_and_agrees(&weights, &tower, device).await;
        is_halved_on_request(&weights, device);
        agrees_with_outlier_channels(weights, &tower, device, [500.0, 1.0 / 500.0]).await;
    }
    // F16 products become infinite, so the embeddings are those of F32 products.
    agrees_with_outlier_channels(Weights::of(&TOWERS[0]), &TOWERS[0], device, [3e4, 100.0]).await;
    keeps_a_layer_that_f16_does_not_hold(device).await;
}

async fn stays_half_and_agrees(weights: &Weights, tower: &Tower, device: &Device) {
    let mut encoder = weights.load(device, Stored::F16);
    assert_eq!(encoder.precision(), "F16 weights, F32 arithmetic", "{}", tower.name);
    let halved = 2 * weights.linear();
    assert_eq!(encoder.bytes(), 4 * encoder.config().parameters() - halved, "{}", tower.name);
    agrees(&mut encoder, weights, tower).await;
}

/// By every kernel that the device has.
async fn agrees(encoder: &mut ImageEncoder, weights: &Weights, tower: &Tower) {
    let trusted = weights.load(&Device::flex(), Stored::F32).embed(tower.pixels()).await.unwrap();
    for kernel in encoder.kernels() {
        encoder.set_kernel(kernel);
        let found = encoder.embed(tower.pixels()).await.unwrap();
        let difference = largest_difference(&found, &trusted);
        let tolerance = if kernel.is_half() { HALF_TOLERANCE } else { TOLERANCE };
        assert!(difference <= tolerance, "{} by {}: {difference}", tower.name, kernel.name());
    }
}

fn is_halved_on_request(weights: &Weights, device: &Device) {
    assert_eq!(weights.load(device, Stored::F32).precision(), "F32");
    let builder = TowerBuilder::with_half_weights(weights.plan.clone(), device.clone());
    let halved = weights.feed(builder, Stored::F32).unwrap();
    assert_eq!(halved.precision(), "F16 weights, F32 arithmetic");
}

async fn agrees_with_outlier_channels(
    mut weights: Weights,
    tower: &Tower,
    device: &Device,
    factors: [f32; 2],
) {
    weights.enlarge_channels(factors);
    stays_half_and_agrees(&weights, tower, device).await;
}

async fn keeps_a_layer_that_f16_does_not_hold(device: &Device) {
    let tower = TOWERS[0];
    for unusual in [70_000.0, 1e-8] {
        let mut weights = Weights::of(&tower);
        let all = weights.linear();
        let layer = weights.get("layers.1.mlp.fc1.weight");
        layer.fill(unusual);
        let kept = layer.len();
        let builder = TowerBuilder::with_half_weights(weights.plan.clone(), device.clone());
        let mut encoder = weights.feed(builder, Stored::F32).unwrap();
        assert_eq!(encoder.bytes(), 4 * encoder.config().parameters() - 2 * (all - kept), "{unusual}");
        agrees(&mut encoder, &weights, &tower).await;
    }
}
