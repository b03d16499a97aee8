//! The training itself: batch after batch through the encoder and back.

use std::fs;
use std::path::Path;

use burn::module::Module;
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use crate::encoder::VisionTransformer;
use crate::weights::Dtype;
use crate::workshop::train::files::{file_error, write, write_json};
use crate::workshop::train::model::checkpoint::{read_tower, safetensors};
use crate::workshop::train::optimisation::pass::{Pass, number};
use crate::workshop::train::{Batch, Guide, Learner, Optimizer, Recipe, write_checkpoint};
use crate::{Error, Result};

/// An encoder in training.
pub struct Trainer {
    recipe: Recipe,
    learner: Option<Learner>,
    optimizer: Optimizer,
    step: u64,
}

/// What one step came to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Step {
    /// Steps done, this one included.
    pub step: u64,
    /// Loss of the batch before the step.
    pub loss: f32,
    /// The contrastive part of it.
    pub contrastive: f32,
    /// Size of the step.
    pub learning_rate: f64,
    /// Length of the gradient before it was clipped.
    pub gradient_norm: f32,
}

/// What is written beside the weights to go on later.
#[derive(Serialize, Deserialize)]
struct State {
    step: u64,
    logit_scale: f32,
    recipe: Recipe,
}

/// Files of a training that can be continued.
const WEIGHTS: &str = "weights.safetensors";
const MOMENTS: &str = "optimizer.bpk";
const GUIDE: &str = "guide.bpk";
const STATE: &str = "state.json";

impl Trainer {
    /// An encoder with random weights, trained on the CPU.
    #[must_use]
    pub fn new(recipe: Recipe) -> Self {
        let device = Device::flex().autodiff();
        let learner = Learner::new(&recipe, &device);
        let optimizer = Optimizer::new(recipe.optimizer, &learner);
        Self { recipe, learner: Some(learner), optimizer, step: 0 }
    }

    /// The settings that [`Trainer::save`] wrote.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if there are none, [`Error::Training`] if they are damaged.
    pub fn saved_recipe(folder: &Path) -> Result<Recipe> {
        Ok(read_state(folder)?.recipe)
    }

    /// Continues where [`Trainer::save`] stopped: as if there had been no stop.
    ///
    /// - `recipe`: the saved one, or one with another schedule or other changes of the images
    ///
    /// # Errors
    ///
    /// [`Error::File`] if a file cannot be read, [`Error::Training`] or [`Error::Checkpoint`] if one is
    /// damaged or of another encoder.
    pub fn resume(folder: &Path, recipe: Recipe) -> Result<Self> {
        let device = Device::flex().autodiff();
        let State { step, logit_scale, .. } = read_state(folder)?;
        let tower = read_tower(&folder.join(WEIGHTS), &recipe.model, &device)?;
        let guide = match recipe.landmarks {
            0 => None,
            count => {
                Some(read_guide(&folder.join(GUIDE), Guide::new(recipe.model.width, count, 0, &device))?)
            }
        };
        let learner = Learner::from_parts(&recipe, tower, guide, logit_scale);
        let optimizer = Optimizer::new(recipe.optimizer, &learner).load(&folder.join(MOMENTS))?;
        Ok(Self { recipe, learner: Some(learner), optimizer, step })
    }

    /// Writes all that [`Trainer::resume`] needs: weights in F32, moments, step and settings.
    ///
    /// # Errors
    ///
    /// [`Error::File`] or [`Error::Training`] if a file cannot be written.
    pub fn save(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).map_err(|source| file_error(folder, source))?;
        let learner = self.learner()?;
        let logit_scale = number(learner.logit_scale.val())?;
        let state = State { step: self.step, logit_scale, recipe: self.recipe.clone() };
        let state = serde_json::to_value(state).map_err(|cause| Error::Training(cause.to_string()))?;
        write(&folder.join(WEIGHTS), &safetensors(&learner.tower, Dtype::F32)?)?;
        self.optimizer.save(&folder.join(MOMENTS))?;
        if let Some(guide) = &learner.guide {
            let path = folder.join(GUIDE);
            guide.clone().save_file(&path).map_err(|cause| unusable(&path, &cause))?;
        }
        write_json(&folder.join(STATE), &state)
    }

    /// Writes the encoder as it is now, for use: [`write_checkpoint`].
    ///
    /// # Errors
    ///
    /// As [`write_checkpoint`].
    pub fn write_checkpoint(&self, folder: &Path) -> Result<()> {
        fs::create_dir_all(folder).map_err(|source| file_error(folder, source))?;
        write_checkpoint(folder, &self.learner()?.tower, &self.recipe.model)
    }

    /// Learns from one batch.
    ///
    /// # Errors
    ///
    /// [`Error::Training`] if the loss is no longer finite.
    pub fn learn(&mut self, batch: &Batch) -> Result<Step> {
        let learning_rate = self.recipe.schedule.learning_rate(self.step);
        let learner = self.learner.take().ok_or_else(stopped)?;
        let Pass { loss, contrastive, gradients } = Pass::new(&learner, batch, self.recipe.weights)?;
        if !loss.is_finite() {
            return Err(Error::Training(format!("the loss is {loss} after {} steps", self.step)));
        }
        let (learner, gradient_norm) = self.optimizer.step(learning_rate, learner, gradients);
        self.learner = Some(learner);
        self.step += 1;
        Ok(Step { step: self.step, loss, contrastive, learning_rate, gradient_norm })
    }

    /// The encoder as it is now, without gradients.
    ///
    /// # Errors
    ///
    /// [`Error::Training`] if the training has failed.
    pub fn tower(&self) -> Result<VisionTransformer> {
        Ok(self.learner()?.tower.valid())
    }

    /// The temperature of the loss as it is now.
    ///
    /// # Errors
    ///
    /// [`Error::Training`] if the training has failed.
    pub fn temperature(&self) -> Result<f32> {
        Ok(1.0 / number(self.learner()?.scale())?)
    }

    /// Steps done.
    #[must_use]
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The settings.
    #[must_use]
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    fn learner(&self) -> Result<&Learner> {
        self.learner.as_ref().ok_or_else(stopped)
    }
}

fn stopped() -> Error {
    Error::Training("it has failed before".into())
}

fn read_guide(path: &Path, guide: Guide) -> Result<Guide> {
    guide.try_load_file(path).map_err(|cause| unusable(path, &cause))
}

fn unusable(path: &Path, cause: &impl std::fmt::Display) -> Error {
    Error::Training(format!("{}: {cause}", path.display()))
}

fn read_state(folder: &Path) -> Result<State> {
    let path = folder.join(STATE);
    let text = fs::read_to_string(&path).map_err(|source| file_error(&path, source))?;
    serde_json::from_str(&text).map_err(|cause| unusable(&path, &cause))
}
