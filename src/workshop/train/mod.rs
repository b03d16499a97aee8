//! Training an image encoder from scratch, natively, on Burn's gradients.
//!
//! ```text
//! Images ──▶ SizedImages ──▶ Sampler ──▶ Augmentation ──▶ Loader ──▶ Trainer ──▶ checkpoint
//!  folder or   [S,S,3]       P × K       per row          threads      │ ▲
//!  drawn                                                               ▼ │ Muon, AdamW
//!                                    Pass: VisionTransformer ──▶ contrastive loss
//! ```
//!
//! The loss asks that images of one identity lie closer together than images of different ones
//! ([`supervised_contrastive`]), and, where the images are annotated, that the first values of an embedding are
//! the identity's traits ([`trait_error`]) and that the hand's landmarks are found ([`Guide`]). [`validate`] measures
//! Rank-1 and mAP on identities that were held out. All randomness comes from one seed, and a training that was
//! stopped continues as if it had not been ([`Trainer::resume`]).

mod data;
mod evaluation;
mod files;
mod journal;
mod kernels;
mod model;
mod optimisation;
mod random;
mod recipe;
mod run;
mod trainer;

pub use data::annotations::Annotations;
pub use data::augmentation::Augmentation;
pub use data::batches::{Row, Sampler};
pub use data::folder::Folder;
pub use data::images::{Images, SizedImages};
pub use data::loader::{Batch, BatchSource, Loader};
pub use evaluation::splits::{SplitSummary, Spread, evaluate_splits, raw_pixels};
pub use evaluation::validate::{Embedded, Validation, embed_all, validate};
pub use journal::{Entry, Journal};
pub use model::checkpoint::{read_tower, safetensors, write_checkpoint};
pub use model::forward::{Encoded, encode, forward};
pub use model::guide::{Guide, heat_error, landmark_error};
pub use model::initialise::initialise;
pub use model::learner::{Known, Learner, Temperature};
pub use optimisation::loss::{supervised_contrastive, trait_error};
pub use optimisation::optimizer::{Optimizer, OptimizerConfig};
pub use optimisation::pass::Pass;
pub use optimisation::schedule::Schedule;
pub use random::Random;
pub use recipe::{LossWeights, Recipe};
pub use run::{Plan, run, state_folder};
pub use trainer::{Step, Trainer};
