//! Decoded images → batches for a GPU: whatever waits when it is free.

use std::sync::mpsc::{Receiver, Sender, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::Scope;

use super::model::Model;

/// Images of a batch, at most.
const SIZE: usize = 16;
/// Batches on their way: one is uploaded while another is computed.
const AT_ONCE: usize = 2;

/// An image's path, and its embedding or why there is none.
pub type Embedding = (String, Result<Vec<f32>, String>);
/// An image's path and what is encoded.
type Decoded = (String, Input);

/// What is encoded of one image, or of several.
#[derive(Clone)]
pub struct Input {
    /// `[B, 3, H, W]`
    pub pixels: Vec<f32>,
    /// That of each image, where the model counts them; else none.
    pub cameras: Vec<usize>,
}

/// Where decoded images go. The threads behind it end when all copies of it are gone.
#[derive(Clone)]
pub struct Batches(SyncSender<Decoded>);

impl Batches {
    /// Starts the threads that embed them.
    pub fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        model: &'scope Model,
        send: &Sender<Embedding>,
    ) -> Self {
        let (add, waiting) = sync_channel(SIZE * AT_ONCE);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..AT_ONCE {
            let (waiting, send) = (waiting.clone(), send.clone());
            scope.spawn(move || {
                while let Some(batch) = next(&waiting) {
                    for embedding in embed(model, batch) {
                        if send.send(embedding).is_err() {
                            return;
                        }
                    }
                }
            });
        }
        Self(add)
    }

    /// Waits while there are enough of them; false if nobody wants any more.
    pub fn add(&self, path: String, input: Input) -> bool {
        self.0.send((path, input)).is_ok()
    }
}

/// At least one image; `None` if there will be no more.
fn next(waiting: &Mutex<Receiver<Decoded>>) -> Option<Vec<Decoded>> {
    let waiting = waiting.lock().ok()?;
    let first = waiting.recv().ok()?;
    Some([first].into_iter().chain(waiting.try_iter().take(SIZE - 1)).collect())
}

fn embed(model: &Model, batch: Vec<Decoded>) -> Vec<Embedding> {
    let (paths, inputs): (Vec<String>, Vec<Input>) = batch.into_iter().unzip();
    let pixels = inputs.iter().flat_map(|input| &input.pixels).copied().collect();
    let cameras = inputs.iter().flat_map(|input| &input.cameras).copied().collect();
    let embeddings = match encode(model, Input { pixels, cameras }) {
        Ok(all) => all.chunks_exact(all.len() / paths.len()).map(|one| Ok(one.to_vec())).collect(),
        // One of them is to blame: each on its own.
        Err(_) => inputs.into_iter().map(|input| encode(model, input)).collect::<Vec<_>>(),
    };
    paths.into_iter().zip(embeddings).collect()
}

/// - returns `[B, D]`
pub fn encode(model: &Model, Input { pixels, cameras }: Input) -> Result<Vec<f32>, String> {
    pollster::block_on(model.encoder.embed_seen_by(pixels, &cameras)).map_err(|error| error.to_string())
}
