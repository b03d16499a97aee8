//! The fixtures of `tests/reference/encoder/make_clip_fixtures.py` and `make_layout_fixtures.py`.

use burn::tensor::Device;
use half::{bf16, f16};
use reid_web::Result;
use reid_web::encoder::{ConfigFile, ImageEncoder, TowerBuilder, TowerPlan, VitConfig};
use reid_web::weights::{Header, HeaderReader, TensorInfo};

/// A tiny CLIP model as it lies in a repository, and what the reference says of it.
#[derive(Clone, Copy)]
pub struct Tower {
    pub name: &'static str,
    pub config: Option<&'static str>,
    pub weights: &'static [u8],
    pub expected: &'static [u8],
}

macro_rules! tower {
    ($folder:literal, $weights:literal) => {
        tower!($folder, $weights, None)
    };
    ($folder:literal) => {
        tower!(
            $folder,
            "model.safetensors",
            Some(include_str!(concat!("../../fixtures/", $folder, "/config.json")))
        )
    };
    ($folder:literal, $weights:literal, $config:expr) => {
        Tower {
            name: $folder,
            config: $config,
            weights: include_bytes!(concat!("../../fixtures/", $folder, "/", $weights)),
            expected: include_bytes!(concat!("../../fixtures/", $folder, "/expected.safetensors")),
        }
    };
}

/// In transformers' layout.
pub const TOWERS: [Tower; 6] = [
    tower!("clip/quick-gelu"),
    tower!("clip/gelu"),
    tower!("clip/odd-size"),
    tower!("clip/defaults"),
    tower!("clip/one-head"),
    tower!("clip/whole-model"),
];

pub const OPENCLIP: Tower = tower!("layouts/openclip");
pub const OPENAI: Tower = tower!("layouts/openai", "model.pt");
pub const CLIP_REID: Tower = tower!("layouts/clip-reid", "model.pth");
pub const ONE_HEAD: Tower = tower!("layouts/one-head", "model.safetensors");
pub const RESNET: Tower = tower!("layouts/resnet");
pub const RESNET_REID: Tower = tower!("layouts/resnet-reid", "model.pth");
pub const HANDID: Tower = tower!("layouts/handid", "model.pth");
pub const RECTANGLE: Tower = tower!("layouts/rectangle", "model.pth");

/// As others publish them.
pub const LAYOUTS: [Tower; 8] =
    [OPENCLIP, OPENAI, CLIP_REID, ONE_HEAD, RESNET, RESNET_REID, HANDID, RECTANGLE];

impl Tower {
    /// What the file holds, read in pieces as the page does.
    pub fn header(&self) -> Result<Header> {
        let mut reader = HeaderReader::new(self.weights.len() as u64);
        while let Some(range) = reader.next() {
            reader.give(slice(self.weights, range))?;
        }
        reader.finish()
    }

    pub fn plan(&self, choices: Option<&str>) -> Result<TowerPlan> {
        TowerPlan::new(&self.header()?, self.config.map(ConfigFile::from), choices)
    }

    /// That of a Vision Transformer.
    pub fn config(&self) -> VitConfig {
        self.plan(None).unwrap().config().vit().unwrap().clone()
    }

    /// Streams the file into an encoder, as the page does.
    pub fn load(&self, device: Device) -> Result<ImageEncoder> {
        self.load_plan(&self.plan(None)?, device)
    }

    pub fn load_plan(&self, plan: &TowerPlan, device: Device) -> Result<ImageEncoder> {
        let mut builder = TowerBuilder::new(plan.clone(), device);
        for tensor in plan.tensors() {
            builder.insert(&tensor.name, &tensor.dtype, slice(self.weights, tensor.bytes.clone()))?;
        }
        builder.finish()
    }

    /// Names and numbers of the tensors.
    pub fn weights(&self, plan: &TowerPlan) -> Vec<(String, Vec<f32>)> {
        let tensors = plan.tensors().iter();
        tensors
            .map(|TensorInfo { name, dtype, bytes, .. }| {
                (name.clone(), numbers(dtype, slice(self.weights, bytes.clone())))
            })
            .collect()
    }

    /// The two input images of the reference, `[2, 3, H, W]`.
    pub fn pixels(&self) -> Vec<f32> {
        self.pixels_of(self.plan(None).unwrap().config().image_size())
    }

    /// The same for another height and width.
    pub fn pixels_of(&self, [height, width]: [usize; 2]) -> Vec<f32> {
        let hash = |index: u32| index.wrapping_mul(2_654_435_761);
        (0..2 * 3 * (height * width) as u32)
            .map(|index| (f64::from(hash(index)) / f64::from(1 << 30) - 2.0) as f32)
            .collect()
    }

    /// The embeddings that transformers gives, `[2, D]`.
    pub fn expected(&self) -> Vec<f32> {
        only_tensor(self.expected)
    }
}

/// That of a safetensors file with one tensor, which is F32.
pub fn only_tensor(file: &[u8]) -> Vec<f32> {
    let header = Header::parse(file, file.len() as u64).unwrap();
    numbers("F32", slice(file, header.tensors[0].bytes.clone()))
}

fn numbers(dtype: &str, bytes: &[u8]) -> Vec<f32> {
    let (fours, twos) = (bytes.as_chunks().0, bytes.as_chunks().0);
    match dtype {
        "F16" => twos.iter().map(|two| f16::from_le_bytes(*two).to_f32()).collect(),
        "BF16" => twos.iter().map(|two| bf16::from_le_bytes(*two).to_f32()).collect(),
        _ => fours.iter().map(|four| f32::from_le_bytes(*four)).collect(),
    }
}

fn slice(bytes: &[u8], range: std::ops::Range<u64>) -> &[u8] {
    &bytes[range.start as usize..range.end as usize]
}

pub fn largest_difference(found: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(found.len(), expected.len());
    found.iter().zip(expected).map(|(found, expected)| (found - expected).abs()).fold(0.0, f32::max)
}
