//! Decoded images → batches for a GPU: whatever waits when it is free.

use std::sync::mpsc::{Receiver, Sender, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::Scope;

use reid_web::encoder::ImageEncoder;

use crate::embed::journal::Shot;
use crate::model::Model;

/// Images of a batch, at most.
const SIZE: usize = 16;
/// Batches on their way: one is uploaded while another is computed.
const AT_ONCE: usize = 2;

/// What a thread has found out about a file.
pub struct News {
    /// Which file.
    pub index: usize,
    /// What is embedded of it, or why it cannot be.
    pub shot: Result<Shot, String>,
    /// Its embedding, or why there is none. `None` if another file's is the same, or the journal has it.
    pub embedding: Option<Result<Vec<f32>, String>>,
}

impl News {
    pub fn embedding(index: usize, shot: Shot, embedding: Result<Vec<f32>, String>) -> Self {
        Self { index, shot: Ok(shot), embedding: Some(embedding) }
    }
}

/// An image to be embedded.
pub struct Decoded {
    pub index: usize,
    pub shot: Shot,
    /// `[3, H, W]`
    pub pixels: Vec<f32>,
}

/// Where decoded images go. The threads that take them end when all copies of it are gone.
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
    let cameras: Vec<usize> = batch.iter().filter_map(|image| image.shot.camera).collect();
    let embeddings: Vec<Result<Vec<f32>, String>> = match encode(&model.encoder, pixels, &cameras) {
        Ok(all) => all.chunks_exact(all.len() / batch.len()).map(|one| Ok(one.to_vec())).collect(),
        // One of them is to blame: each on its own.
        Err(_) => batch.iter().map(|image| image.encode(&model.encoder)).collect(),
    };
    let news = |(image, embedding): (Decoded, _)| News::embedding(image.index, image.shot, embedding);
    batch.into_iter().zip(embeddings).map(news).collect()
}

impl Decoded {
    /// On its own.
    pub fn encode(&self, encoder: &ImageEncoder) -> Result<Vec<f32>, String> {
        encode(encoder, self.pixels.clone(), self.shot.camera.as_slice())
    }
}

/// - `pixels`: `[B, 3, H, W]`
/// - `cameras`: that of each image, if the model takes cameras into account; else none
/// - returns `[B, D]`
fn encode(encoder: &ImageEncoder, pixels: Vec<f32>, cameras: &[usize]) -> Result<Vec<f32>, String> {
    pollster::block_on(encoder.embed_with_cameras(pixels, cameras)).map_err(|error| error.to_string())
}
