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
//! ([`supervised_contrastive`]), and, where the images are annotated, that the first numbers of an embedding tell
//! the identity's traits ([`trait_error`]) and that the hand's landmarks are found ([`Guide`]). [`validate`] measures
//! Rank-1 and mAP on identities that were held out. All that is random comes from one seed, and a training that was
//! stopped goes on as if it had not been ([`Trainer::resume`]).

mod annotations;
mod augmentation;
mod batches;
mod checkpoint;
mod folder;
mod forward;
mod guide;
mod images;
mod initialise;
mod journal;
mod kernels;
mod learner;
mod loader;
mod loss;
mod optimizer;
mod pass;
mod random;
mod recipe;
mod run;
mod schedule;
mod splits;
mod trainer;
mod validate;

pub use annotations::Annotations;
pub use augmentation::Augmentation;
pub use batches::{Row, Sampler};
pub use checkpoint::{read_tower, safetensors, write_checkpoint};
pub use folder::Folder;
pub use forward::{Encoded, encode, forward};
pub use guide::{Guide, heat_error, landmark_error};
pub use images::{Images, SizedImages};
pub use initialise::initialise;
pub use journal::{Entry, Journal};
pub use learner::{Known, Learner, Temperature};
pub use loader::{Batch, BatchSource, Loader};
pub use loss::{supervised_contrastive, trait_error};
pub use optimizer::{Optimizer, OptimizerConfig};
pub use pass::Pass;
pub use random::Random;
pub use recipe::{LossWeights, Recipe};
pub use run::{Plan, run, state_folder};
pub use schedule::Schedule;
pub use splits::{SplitSummary, Spread, evaluate_splits, raw_pixels};
pub use trainer::{Step, Trainer};
pub use validate::{Embedded, Validation, embed_all, validate};
