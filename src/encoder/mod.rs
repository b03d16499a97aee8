//! The image encoder: configuration, weights and the network itself.
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

mod batch_norm;
mod configs;
mod eight_bit_check;
mod family;
mod image_encoder;
mod naming;
mod options;
mod plan;
mod resnet;
mod self_check;
mod stored_tensor;
mod tower_builder;
mod vit;

pub use configs::config_file::ConfigFile;
pub use eight_bit_check::EightBitCheck;
pub use family::Architecture;
pub use image_encoder::ImageEncoder;
#[cfg(feature = "gpu")]
pub use image_encoder::webgpu_device;
pub use naming::layout::{Form, Layout, Source};
pub use options::arithmetic::Arithmetic;
pub use options::augmentation::Augmentation;
pub use options::choices::{Assumption, Choices, MeanStd, ResizeMode};
pub use plan::tower_plan::TowerPlan;
pub use resnet::config::{LastStage, ResNetConfig};
pub use self_check::{LEAST_AGREEMENT, agreement, known_images};
pub use tower_builder::TowerBuilder;
pub use vit::cameras::CameraUse;
pub use vit::config::{Activation, CameraEmbedding, Feature, Pooling, VisionConfig};
pub use vit::fused::FusedTransformer;
#[cfg(feature = "train")]
pub(crate) use vit::reader::TowerReader;
pub use vit::reference::VisionTransformer;
#[cfg(feature = "train")]
pub(crate) use vit::reference::{Attention, Mlp, ResidualAttentionBlock, l2_normalise};
