//! Threads that draw the batches ahead of the training.

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use super::batches::Row;
use super::{Augmentation, Images, Random, Sampler, SizedImages, Traits};
use crate::{Error, Result};

/// The encoder's input of one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// `[B, 3, S, S]`, normalised.
    pub pixels: Vec<f32>,
    /// `[B]`
    pub identities: Vec<u32>,
    /// `[B, T]`; empty if no traits are known.
    pub traits: Vec<f32>,
}

/// How batches are made of images.
#[derive(Clone)]
pub struct BatchSource {
    /// The images at the encoder's size.
    pub images: Arc<SizedImages>,
    /// Which of them.
    pub sampler: Sampler,
    /// How they are changed.
    pub augmentation: Augmentation,
    /// Of all identities, if they are known.
    pub traits: Option<Arc<Traits>>,
}

/// Tells this stream of random numbers from the others of the same seed.
const AUGMENTATION: u64 = 0xA6;

impl BatchSource {
    /// The batch of a step, from 0.
    ///
    /// # Errors
    ///
    /// If an image cannot be read.
    pub fn batch(&self, step: u64) -> Result<Batch> {
        let rows = self.sampler.batch(step, &*self.images);
        let identities: Vec<u32> = rows.iter().map(|row| row.identity).collect();
        let traits = match &self.traits {
            Some(traits) => identities.iter().flat_map(|&identity| traits.of(identity)).copied().collect(),
            None => Vec::new(),
        };
        let mut pixels = Vec::new();
        for (place, row) in (0..).zip(rows) {
            pixels.extend(self.row(step, place, row)?);
        }
        Ok(Batch { pixels, identities, traits })
    }

    /// One image, changed and normalised: `[3, S, S]`.
    fn row(&self, step: u64, place: u64, row: Row) -> Result<Vec<f32>> {
        let mut random = Random::new(&[self.sampler.seed, AUGMENTATION, step, place]);
        let image = self.images.image(row.identity, row.index)?;
        let changed = self.augmentation.apply(&image, &mut random);
        Ok(self.images.preprocessor().normalise(&changed))
    }
}

/// Batches a thread may be ahead of the training.
const AHEAD: usize = 2;

/// The batches of consecutive steps, drawn by threads.
///
/// Thread t of n draws every n-th batch, so the batches do not depend on n. The threads end when the
/// loader is dropped or their steps are done.
pub struct Loader {
    batches: Vec<Receiver<Result<Batch>>>,
    turn: usize,
}

impl Loader {
    /// Starts `threads` threads, at least one, that draw the batches of `steps`.
    pub fn start(source: &BatchSource, steps: Range<u64>, threads: usize) -> Self {
        let threads = threads.max(1);
        let batches = (0..threads).map(|first| {
            let (sender, receiver) = sync_channel(AHEAD);
            let (source, steps) = (source.clone(), steps.clone());
            thread::spawn(move || draw(&source, steps.skip(first).step_by(threads), &sender));
            receiver
        });
        Self { batches: batches.collect(), turn: 0 }
    }

    /// The next batch; waits for it.
    ///
    /// # Errors
    ///
    /// If an image cannot be read, or [`Error::Training`] if the steps are done or a thread panicked.
    pub fn next_batch(&mut self) -> Result<Batch> {
        let turn = self.turn;
        self.turn = (turn + 1) % self.batches.len();
        let stopped = |_| Error::Training("the thread that draws images has stopped".into());
        self.batches[turn].recv().map_err(stopped)?
    }
}

/// Sends batches until somebody hangs up.
fn draw(source: &BatchSource, steps: impl Iterator<Item = u64>, sender: &SyncSender<Result<Batch>>) {
    for step in steps {
        if sender.send(source.batch(step)).is_err() {
            return;
        }
    }
}
