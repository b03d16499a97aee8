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
//!
//! family/     the one place that knows all families; vit/ and resnet/ are one each
//! naming/     how published files name tensors, a table for each convention
//! configs/    configuration files of other projects
//! origin.rs   which project a file comes from, which settles what the weights leave open
//! options/    what a person can choose, and what is assumed
//! plan/       from what a file holds to what the encoder needs
//! ```
//!
//! `src/README.md` lists the files that a new family, convention or configuration needs.

mod batch_norm;
mod configs;
mod eight_bit_check;
mod family;
mod image_encoder;
mod naming;
mod options;
mod origin;
mod plan;
mod resnet;
mod self_check;
mod stored_tensor;
mod tower_builder;
mod vit;
#[cfg(feature = "gpu")]
mod webgpu;

pub use configs::config_file::ConfigFile;
pub use eight_bit_check::EightBitCheck;
pub use family::{Architecture, Family};
pub use image_encoder::ImageEncoder;
pub use naming::Naming;
pub use naming::source::TensorSource;
pub use options::arithmetic::Arithmetic;
pub use options::assumption::Assumption;
pub use options::augmentation::Augmentation;
pub use options::choices::{Choices, MeanStd, ResizeMode};
pub use plan::tower_plan::TowerPlan;
pub use resnet::config::{LastStage, ResNetConfig};
pub use self_check::{LEAST_AGREEMENT, agreement, known_images};
pub use tower_builder::TowerBuilder;
pub use vit::config::{Activation, CameraEmbedding, CameraUse, Feature, Pooling, VitConfig};
pub use vit::fused::FusedTransformer;
#[cfg(feature = "train")]
pub(crate) use vit::reader::TowerReader;
pub use vit::reference::VisionTransformer;
#[cfg(feature = "train")]
pub(crate) use vit::reference::{Attention, Mlp, ResidualAttentionBlock, l2_normalise};
#[cfg(feature = "train")]
pub(crate) use vit::tensor::{Affine, BlockTensor, VitTensor};
#[cfg(feature = "gpu")]
pub use webgpu::webgpu_device;
