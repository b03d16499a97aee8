//! The fixtures of `tests/reference/make_clip_fixtures.py`.

use burn::tensor::Device;
use reid_web::Result;
use reid_web::clip::{ImageEncoder, TowerBuilder, VisionConfig};
use reid_web::weights::Header;

/// A tiny CLIP model as it lies in a repository, and what transformers says of it.
#[derive(Clone, Copy)]
pub struct Tower {
    pub name: &'static str,
    pub config: &'static str,
    pub weights: &'static [u8],
    pub expected: &'static [u8],
}

macro_rules! tower {
    ($name:literal) => {
        Tower {
            name: $name,
            config: include_str!(concat!("../fixtures/clip/", $name, "/config.json")),
            weights: include_bytes!(concat!("../fixtures/clip/", $name, "/model.safetensors")),
            expected: include_bytes!(concat!("../fixtures/clip/", $name, "/expected.safetensors")),
        }
    };
}

pub const TOWERS: [Tower; 6] = [
    tower!("quick-gelu"),
    tower!("gelu"),
    tower!("odd-size"),
    tower!("defaults"),
    tower!("one-head"),
    tower!("whole-model"),
];

impl Tower {
    pub fn config(&self) -> VisionConfig {
        VisionConfig::from_json(self.config).unwrap()
    }

    /// Streams the file into an encoder, as the page does.
    pub fn load(&self, device: Device) -> Result<ImageEncoder> {
        let mut builder = TowerBuilder::new(self.config(), device);
        let header = Header::parse(self.weights, self.weights.len() as u64)?;
        for tensor in builder.wanted(&header)? {
            builder.insert(&tensor.name, &tensor.dtype, slice(self.weights, tensor.bytes.clone()))?;
        }
        builder.finish()
    }

    /// The two input images of the reference, `[2, 3, S, S]`.
    pub fn pixels(&self) -> Vec<f32> {
        let side = self.config().image_size as u32;
        let hash = |index: u32| index.wrapping_mul(2_654_435_761);
        (0..2 * 3 * side * side)
            .map(|index| (f64::from(hash(index)) / f64::from(1 << 30) - 2.0) as f32)
            .collect()
    }

    /// The embeddings that transformers gives, `[2, D]`.
    pub fn expected(&self) -> Vec<f32> {
        let header = Header::parse(self.expected, self.expected.len() as u64).unwrap();
        let bytes = slice(self.expected, header.tensors[0].bytes.clone());
        bytes.as_chunks().0.iter().map(|four| f32::from_le_bytes(*four)).collect()
    }
}

fn slice(bytes: &[u8], range: std::ops::Range<u64>) -> &[u8] {
    &bytes[range.start as usize..range.end as usize]
}

pub fn largest_difference(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(found, expected)| (found - expected).abs()).fold(0.0, f32::max)
}
