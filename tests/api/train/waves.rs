//! A tiny tower and images to train it on: each identity is a wave, each image a little different.

use reid_web::Result;
use reid_web::encoder::{Activation, Feature, Pooling, VitConfig};
use reid_web::image::RgbImage;
use reid_web::workshop::train::{Images, Random};

/// 10 tokens of 32 values.
pub fn tiny_model() -> VitConfig {
    VitConfig {
        image_size: [24; 2],
        trained_size: [24; 2],
        patch_size: 8,
        overlap: 0,
        width: 32,
        mlp_width: 64,
        layers: 2,
        heads: 2,
        embed_dim: 16,
        activation: Activation::QuickGelu,
        feature: Feature::Projection,
        layer_norm_eps: 1e-5,
        no_ln_pre: false,
        pooling: Pooling::ClassToken,
        camera_embedding: None,
    }
}

/// Drawn images of 40 × 40 pixels.
pub struct Waves {
    pub identities: u32,
    pub images: u32,
}

impl Images for Waves {
    fn identities(&self) -> u32 {
        self.identities
    }

    fn count(&self, _identity: u32) -> u32 {
        self.images
    }

    fn image(&self, identity: u32, index: u32) -> Result<RgbImage> {
        let mut who = Random::new(&[1, u64::from(identity)]);
        let own: [f32; 3] = std::array::from_fn(|_| 60.0 + 60.0 * who.unit());
        let (across, down) = (who.signed(0.9), who.signed(0.9));
        let mut shot = Random::new(&[2, u64::from(identity), u64::from(index)]);
        let colour = own.map(|channel| channel + shot.signed(40.0));
        let (phase, light) = (shot.unit() * std::f32::consts::TAU, 0.8 + 0.4 * shot.unit());
        let pixel = |x: u32, y: u32, noise: f32| {
            let wave = 40.0 * (across * x as f32 + down * y as f32 + phase).sin();
            colour.map(|channel| ((channel + wave + noise) * light) as u8)
        };
        let places = (0..40).flat_map(|y| (0..40).map(move |x| (x, y)));
        let pixels = places.flat_map(|(x, y)| pixel(x, y, shot.signed(10.0))).collect();
        RgbImage::new(40, 40, pixels)
    }
}
