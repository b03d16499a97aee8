//! Tests of the crate from outside, in one program: linking is what takes long.
//!
//! They run natively and, but for what only exists natively, in a browser's worker.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests may stop at the first surprise")]

#[cfg(target_arch = "wasm32")]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_dedicated_worker);

mod archives;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod program;
mod protocol_references;
mod random;
mod random_sets;
mod references;
#[cfg(feature = "encoder")]
mod reid_cameras;
#[cfg(feature = "encoder")]
mod tower_weights;
#[cfg(feature = "encoder")]
mod towers;
#[cfg(feature = "train")]
mod waves;

mod broken_weights;
#[cfg(feature = "encoder")]
mod checkpoints;
#[cfg(feature = "encoder")]
mod choices;
#[cfg(feature = "encoder")]
mod clip;
#[cfg(feature = "encoder")]
mod clip_configs;
#[cfg(feature = "gpu")]
mod clip_webgpu;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod command_line;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod command_line_choices;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod command_line_embeddings;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod command_line_failures;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod command_line_folders;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod command_line_golden;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod command_line_journal;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod command_line_layout;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod command_line_models;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod command_line_notes;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod command_line_options;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod command_line_outputs;
#[cfg(all(feature = "cli", unix))]
mod command_line_pipes;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
mod command_line_sets;
mod dataset;
mod doctor;
#[cfg(feature = "encoder")]
mod eight_bits;
#[cfg(all(feature = "cli", target_arch = "x86_64"))]
mod eight_bits_command_line;
mod evaluation;
mod exchange;
mod exchange_files;
#[cfg(feature = "gpu")]
mod half_weights;
#[cfg(feature = "hands")]
mod hands;
mod image_parity;
mod intervals;
mod junk;
#[cfg(feature = "encoder")]
mod kernels;
mod label_texts;
mod labels_in_files;
#[cfg(feature = "encoder")]
mod layouts;
#[cfg(feature = "encoder")]
mod loading;
mod malformed_imports;
mod metrics;
mod missing;
mod odd_pictures;
mod open_set;
mod pickles;
mod protocols;
mod rank_lists;
mod ranking;
mod re_ranking;
mod refinement;
#[cfg(feature = "encoder")]
mod resnets;
mod runs;
mod same_file;
mod score_norm;
mod single_shot;
mod study;
mod study_limits;
#[cfg(feature = "train")]
mod train;
#[cfg(feature = "train")]
mod train_gradients;
mod verification;
mod weights;
mod whitening;
mod zip64;
