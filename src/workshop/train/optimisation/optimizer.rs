//! Muon for the matrices of the blocks, AdamW for everything else, on gradients that are clipped to a largest norm.
//!
//! Source: Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks", with the step sizes of Liu
//! et al. 2025, "Muon is Scalable for LLM Training", so that both take the same learning rate.

use std::path::Path;

use burn::module::{Module, ModuleVisitor, Param, ParamGroup, ParamId};
use burn::optim::decay::WeightDecayConfig;
use burn::optim::{AdamWConfig, AdjustLrFn, GradientsParams, ModuleOptimizer, MuonConfig};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use crate::workshop::train::Learner;
use crate::{Error, Result};

/// Settings of the optimizer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct OptimizerConfig {
    /// Share of a weight that a step of learning rate 1 would take away. Of matrices only: biases,
    /// layer norms and the temperature are left alone.
    pub weight_decay: f32,
    /// The gradient of all weights together is scaled down to this length.
    pub max_gradient_norm: f32,
    /// Decay of the second moment.
    pub beta_2: f32,
}

/// Muon and AdamW with their moments.
pub struct Optimizer {
    moments: ModuleOptimizer,
    max_gradient_norm: f32,
}

impl Optimizer {
    /// Without moments.
    pub fn new(config: OptimizerConfig, learner: &Learner) -> Self {
        let adam = |weight_decay| {
            let adam = AdamWConfig::new().with_beta_2(config.beta_2).with_epsilon(1e-8);
            adam.with_weight_decay(weight_decay).build()
        };
        let muon = MuonConfig::new()
            .with_weight_decay(Some(WeightDecayConfig::new(config.weight_decay)))
            .with_adjust_lr_fn(AdjustLrFn::MatchRmsAdamW)
            .build();
        let moments = ModuleOptimizer::from(adam(config.weight_decay))
            .with_group(of_rank(1, learner), adam(0.0), None)
            .with_group(of_rank(2, &learner.tower.blocks), muon, None);
        Self { moments, max_gradient_norm: config.max_gradient_norm }
    }

    /// Changes the weights by one step; returns them and the gradient's norm before the clipping.
    pub fn step(
        &mut self,
        learning_rate: f64,
        learner: Learner,
        gradients: GradientsParams,
    ) -> (Learner, f32) {
        let mut squares = SumOfSquares { gradients: &gradients, sum: 0.0 };
        learner.visit(&mut squares);
        let norm = squares.sum.sqrt() as f32;
        let gradients = match norm > self.max_gradient_norm {
            true => scaled(gradients, &learner, self.max_gradient_norm / norm),
            false => gradients,
        };
        (self.moments.step(learning_rate, learner, gradients), norm)
    }

    /// Writes the moments.
    ///
    /// # Errors
    ///
    /// [`Error::Training`] with the reason.
    pub fn save(&self, path: &Path) -> Result<()> {
        self.moments.save(path).map_err(|cause| unusable(path, &cause))
    }

    /// Reads the moments that [`Optimizer::save`] wrote.
    ///
    /// # Errors
    ///
    /// [`Error::Training`] with the reason.
    pub fn load(self, path: &Path) -> Result<Self> {
        let moments = self.moments.load(path).map_err(|cause| unusable(path, &cause))?;
        Ok(Self { moments, ..self })
    }
}

fn unusable(path: &Path, cause: &impl std::fmt::Display) -> Error {
    Error::Training(format!("the optimizer's state {}: {cause}", path.display()))
}

/// The weights of a module that have this rank.
fn of_rank(rank: usize, module: &impl Module) -> ParamGroup {
    let mut weights = Weights { rank, ids: Vec::new() };
    module.visit(&mut weights);
    ParamGroup::from_ids(weights.ids)
}

struct Weights {
    rank: usize,
    ids: Vec<ParamId>,
}

impl ModuleVisitor for Weights {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if D == self.rank {
            self.ids.push(param.id);
        }
    }
}

struct SumOfSquares<'a> {
    gradients: &'a GradientsParams,
    sum: f64,
}

impl ModuleVisitor for SumOfSquares<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            self.sum += gradient.square().sum().into_scalar::<f64>();
        }
    }
}

struct Scaled {
    from: GradientsParams,
    to: GradientsParams,
    factor: f32,
}

impl ModuleVisitor for Scaled {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.from.remove::<D>(param.id) {
            self.to.register(param.id, gradient * self.factor);
        }
    }
}

fn scaled(gradients: GradientsParams, learner: &Learner, factor: f32) -> GradientsParams {
    let mut scaled = Scaled { from: gradients, to: GradientsParams::new(), factor };
    learner.visit(&mut scaled);
    scaled.to
}
