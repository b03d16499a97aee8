//! A whole training, from the first batch to the last checkpoint.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use crate::Result;
use crate::workshop::train::files::file_error;
use crate::workshop::train::{
    Annotations, BatchSource, Entry, Journal, Loader, SizedImages, Step, Trainer, validate,
};

/// When something is written, and where.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Gets the checkpoint, `journal.jsonl`, and in `state` what is needed to continue.
    pub folder: PathBuf,
    /// Threads that draw images.
    pub threads: usize,
    /// Steps between two lines of the journal.
    pub log_every: u64,
    /// Steps between two validations, each followed by a checkpoint.
    pub validate_every: u64,
    /// Images of a held-out identity that are validated on.
    pub validation_images: u32,
}

/// Folder of the state inside that of the checkpoint.
#[must_use]
pub fn state_folder(folder: &Path) -> PathBuf {
    folder.join("state")
}

/// Trains until the schedule's last step.
///
/// - `say`: gets each line of the journal
///
/// # Errors
///
/// If the recipe does not fit the images, an image cannot be read, a file cannot be written, or the
/// loss or an embedding is no longer finite.
pub fn run(
    trainer: &mut Trainer,
    images: Arc<SizedImages>,
    annotations: Option<Arc<Annotations>>,
    plan: &Plan,
    say: impl Fn(&str),
) -> Result<()> {
    let recipe = trainer.recipe().clone();
    recipe.check(&*images)?;
    recipe.check_annotations(annotations.as_deref())?;
    fs::create_dir_all(&plan.folder).map_err(|source| file_error(&plan.folder, source))?;
    let mut journal = Journal::open(&plan.folder.join("journal.jsonl"))?;
    let mut record = |entry: Entry| {
        say(&entry.line());
        journal.write(&entry)
    };
    let sampler = recipe.sampler(&*images);
    let source = BatchSource { images, sampler, augmentation: recipe.augmentation, annotations };
    let mut loader = Loader::start(&source, trainer.step()..recipe.schedule.steps, plan.threads);
    let mut pace = Pace::new();
    while trainer.step() < recipe.schedule.steps {
        pace.add(trainer.learn(&loader.next_batch()?)?);
        let is_due =
            |every: u64| trainer.step().is_multiple_of(every) || trainer.step() == recipe.schedule.steps;
        if is_due(plan.log_every) {
            record(pace.entry(recipe.batch_size(), trainer.temperature()?))?;
            pace = Pace::new();
        }
        if is_due(plan.validate_every) {
            record(checkpoint(trainer, &source.images, plan)?)?;
            pace = Pace::new();
        }
    }
    Ok(())
}

/// Writes the encoder and what is needed to continue, and validates.
fn checkpoint(trainer: &Trainer, images: &SizedImages, plan: &Plan) -> Result<Entry> {
    trainer.write_checkpoint(&plan.folder)?;
    trainer.save(&state_folder(&plan.folder))?;
    let held_out = trainer.recipe().held_out_identities(images);
    let validation = validate(&trainer.tower()?, images, held_out, plan.validation_images)?;
    Ok(Entry::Validation { step: trainer.step(), validation })
}

/// The steps since the last line of the journal.
struct Pace {
    start: Instant,
    steps: Vec<Step>,
}

impl Pace {
    fn new() -> Self {
        Self { start: Instant::now(), steps: Vec::new() }
    }

    fn add(&mut self, step: Step) {
        self.steps.push(step);
    }

    fn entry(&self, batch_size: u32, temperature: f32) -> Entry {
        let count = self.steps.len();
        let mean = |value: fn(&Step) -> f32| self.steps.iter().map(value).sum::<f32>() / count.max(1) as f32;
        let last = self.steps.last();
        let step = Step {
            step: last.map_or(0, |step| step.step),
            loss: mean(|step| step.loss),
            contrastive: mean(|step| step.contrastive),
            learning_rate: last.map_or(0.0, |step| step.learning_rate),
            gradient_norm: mean(|step| step.gradient_norm),
        };
        let images = count as f64 * f64::from(batch_size);
        Entry::Steps { step, temperature, images_per_second: images / self.start.elapsed().as_secs_f64() }
    }
}
