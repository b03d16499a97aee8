//! CLIP's image encoder: configuration, checkpoint and the network itself.
//!
//! ```text
//! config.json, if there is one ──▶ TowerPlan ◀── weights::Header ◀── weight file
//!                                      │                                 │
//!                                      ▼                                 │
//!                                 TowerBuilder ◀── one tensor at a time ─┘
//!                                      │
//!                                      ▼
//!             pixels [B,3,S,S] ──▶ ImageEncoder ──▶ embeddings [B,D], unit length
//! ```

mod architecture;
mod arithmetic;
mod augmentation;
mod batch_norm;
mod camera_embedding;
mod checkpoint;
mod choices;
mod concluded_pixels;
mod config;
mod config_file;
mod eight_bit_check;
mod feature;
mod followed;
mod fused_transformer;
mod image_encoder;
mod inference;
mod input_size;
mod interpolation;
mod layer;
mod layers;
mod layout;
mod modified_resnet;
mod open_clip_config;
mod patch_grid;
mod plan_errors;
mod resnet_builder;
mod resnet_config;
mod resnet_layout;
mod self_check;
mod stored_tensor;
mod tower_plan;
#[cfg(feature = "train")]
mod tower_reader;
mod tower_search;
mod transformers_config;
mod vision_transformer;

pub use architecture::Architecture;
pub use arithmetic::Arithmetic;
pub use augmentation::Augmentation;
pub use camera_embedding::CameraUse;
pub use checkpoint::TowerBuilder;
pub use choices::{Assumption, Choices, MeanStd, ResizeMode};
pub use config::{Activation, CameraEmbedding, Feature, Pooling, VisionConfig};
pub use config_file::ConfigFile;
pub use eight_bit_check::EightBitCheck;
pub use fused_transformer::FusedTransformer;
pub use image_encoder::ImageEncoder;
#[cfg(feature = "gpu")]
pub use image_encoder::webgpu_device;
pub use layout::{Form, Layout, Source};
pub use resnet_config::{LastStage, ResNetConfig};
pub use self_check::{LEAST_AGREEMENT, agreement, known_images};
pub use tower_plan::TowerPlan;
#[cfg(feature = "train")]
pub(crate) use tower_reader::TowerReader;
pub use vision_transformer::VisionTransformer;
#[cfg(feature = "train")]
pub(crate) use vision_transformer::{Attention, Mlp, ResidualAttentionBlock, l2_normalise};
