//! Threads that draw the batches ahead of the training.

use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::workshop::train::data::batches::Row;
use crate::workshop::train::{Annotations, Augmentation, Images, Random, Sampler, SizedImages};
use crate::{Error, Result};

/// The encoder's input of one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// `[B, 3, S, S]`, normalised.
    pub pixels: Vec<f32>,
    /// `[B]`
    pub identities: Vec<u32>,
    /// `[B, T]`; empty without annotations.
    pub traits: Vec<f32>,
    /// `[B, L, 2]`, x and y as shares of the side; empty without annotations.
    pub landmarks: Vec<f32>,
}

impl Batch {
    /// Its images in `count` parts of about the same size, in their order.
    #[must_use]
    pub fn parts(&self, count: usize) -> Vec<Self> {
        let rows = self.identities.len();
        let part = |first: usize| {
            let end = rows.min(first + rows.div_ceil(count));
            let of = |values: &[f32]| values[values.len() / rows * first..values.len() / rows * end].to_vec();
            Self {
                pixels: of(&self.pixels),
                identities: self.identities[first..end].to_vec(),
                traits: of(&self.traits),
                landmarks: of(&self.landmarks),
            }
        };
        (0..rows).step_by(rows.div_ceil(count).max(1)).map(part).collect()
    }
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
    /// What else is known of the images.
    pub annotations: Option<Arc<Annotations>>,
}

/// Distinguishes this stream of random numbers from others with the same seed.
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
        let traits_of = |annotations: &Annotations| {
            identities.iter().flat_map(|&identity| annotations.traits(identity)).copied().collect()
        };
        let traits = self.annotations.as_deref().map(traits_of).unwrap_or_default();
        let (mut pixels, mut landmarks) = (Vec::new(), Vec::new());
        for (place, row) in (0..).zip(rows) {
            let (image, points) = self.row(step, place, row)?;
            pixels.extend(image);
            landmarks.extend(points.into_iter().flatten());
        }
        Ok(Batch { pixels, identities, traits, landmarks })
    }

    /// One image, changed and normalised, `[3, S, S]`, and its landmarks.
    fn row(&self, step: u64, place: u64, row: Row) -> Result<(Vec<f32>, Vec<[f32; 2]>)> {
        let mut random = Random::new(&[self.sampler.seed, AUGMENTATION, step, place]);
        let image = self.images.image(row.identity, row.index)?;
        let annotations = self.annotations.as_deref();
        let landmarks = annotations.map_or(&[][..], |known| known.landmarks(row.identity, row.index));
        let (changed, landmarks) = self.augmentation.apply(&image, landmarks, &mut random);
        Ok((self.images.preprocessor().normalise(&changed), landmarks))
    }
}

/// How many batches a thread may be ahead of the training.
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
