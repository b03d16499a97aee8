//! The image encoder: its files, its configurations, and what it computes.

mod checkpoints;
mod choices;
pub mod clip;
mod clip_configs;
#[cfg(feature = "gpu")]
mod clip_webgpu;
mod eight_bits;
#[cfg(feature = "gpu")]
mod half_weights;
mod layouts;
mod loading;
mod reid_cameras;
mod resnets;
mod tower_weights;
mod towers;
