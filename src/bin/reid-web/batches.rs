//! Decoded images → batches for a GPU: whatever waits when it is free.

use std::sync::mpsc::{Receiver, Sender, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::Scope;

use super::model::Model;

/// Images of a batch, at most.
const SIZE: usize = 16;
/// Batches on their way: one is uploaded while another is computed.
const AT_ONCE: usize = 2;

/// What a thread has found out about a file.
pub struct News {
    /// Which file.
    pub index: usize,
    /// SHA-256 of its content, or why it cannot be read.
    pub content: Result<String, String>,
    /// Of this content, or why there is none. `None` if another file has the same content, or the journal.
    pub embedding: Option<Result<Vec<f32>, String>>,
}

impl News {
    pub fn embedding(index: usize, content: String, embedding: Result<Vec<f32>, String>) -> Self {
        Self { index, content: Ok(content), embedding: Some(embedding) }
    }
}

/// An image to be embedded.
pub struct Decoded {
    pub index: usize,
    pub content: String,
    /// `[3, H, W]`
    pub pixels: Vec<f32>,
}

/// Where decoded images go. The threads behind it end when all copies of it are gone.
#[derive(Clone)]
pub struct Batches(SyncSender<Decoded>);

impl Batches {
    /// Starts the threads that embed them.
    pub fn start<'scope>(
        scope: &'scope Scope<'scope, '_>,
        model: &'scope Model,
        send: &Sender<News>,
    ) -> Self {
        let (add, waiting) = sync_channel(SIZE * AT_ONCE);
        let waiting = Arc::new(Mutex::new(waiting));
        for _ in 0..AT_ONCE {
            let (waiting, send) = (waiting.clone(), send.clone());
            scope.spawn(move || {
                while let Some(batch) = next(&waiting) {
                    for news in embed(model, batch) {
                        if send.send(news).is_err() {
                            return;
                        }
                    }
                }
            });
        }
        Self(add)
    }

    /// Waits while there are enough of them; false if nobody wants any more.
    pub fn add(&self, image: Decoded) -> bool {
        self.0.send(image).is_ok()
    }
}

/// At least one image; `None` if there will be no more.
fn next(waiting: &Mutex<Receiver<Decoded>>) -> Option<Vec<Decoded>> {
    let waiting = waiting.lock().ok()?;
    let first = waiting.recv().ok()?;
    Some([first].into_iter().chain(waiting.try_iter().take(SIZE - 1)).collect())
}

fn embed(model: &Model, batch: Vec<Decoded>) -> Vec<News> {
    let pixels = batch.iter().flat_map(|image| image.pixels.iter().copied()).collect();
    let embeddings: Vec<Result<Vec<f32>, String>> = match encode(model, pixels) {
        Ok(all) => all.chunks_exact(all.len() / batch.len()).map(|one| Ok(one.to_vec())).collect(),
        // One of them is to blame: each on its own.
        Err(_) => batch.iter().map(|image| encode(model, image.pixels.clone())).collect(),
    };
    let news = |(image, embedding): (Decoded, _)| News::embedding(image.index, image.content, embedding);
    batch.into_iter().zip(embeddings).map(news).collect()
}

/// - `pixels`: `[B, 3, H, W]`
/// - returns `[B, D]`
pub fn encode(model: &Model, pixels: Vec<f32>) -> Result<Vec<f32>, String> {
    pollster::block_on(model.encoder.embed(pixels)).map_err(|error| error.to_string())
}
