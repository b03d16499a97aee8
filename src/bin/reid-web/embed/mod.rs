//! Images → embeddings, on several threads, with a journal from which an interrupted run continues.

pub mod batches;
mod found;
pub mod journal;

use std::collections::HashSet;
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use reid_web::image::decode;

use crate::Outcome;
use crate::embed::batches::{Batches, Decoded, News};
use crate::embed::found::{Found, Place};
use crate::embed::journal::{Journal, Known, Shot};
use crate::embedded::Embedded;
use crate::images::{self, ImageFile};
use crate::model::{self, Model};
use crate::options::{Command, ImageOptions, Options};
use crate::output::console::Progress;
use crate::output::failures::Failures;
use crate::output::files::is_special;
use crate::output::{destination, fingerprint};

/// Embeds what the options name. Images that cannot be read are failures and left out.
pub fn embed(options: &ImageOptions, all: &Options, failures: &mut Failures) -> Outcome<Embedded> {
    let files = images::list(options, failures)?;
    let mut model = model::load(options)?;
    let found = embed_each(&files, &mut model, options, all, failures)?;
    let (images, failed) = found.embedded(&files, failures)?;
    Ok(Embedded::new(model.info, images, found.into_journal()).without(&failed))
}

/// Embeds each real file, and each content, once; continues a journal if there is one. If 8-bit weights do not do for
/// these images, all are embedded in F32.
///
/// Errors if there is no embedding at all, or the journal cannot be written.
pub fn embed_each(
    images: &[ImageFile],
    model: &mut Model,
    options: &ImageOptions,
    all: &Options,
    failures: &mut Failures,
) -> Outcome<Found> {
    destination::check_images(all, images)?;
    if let Some(path) = journal(all) {
        model.settle_by(&path);
    }
    let found = embed_as_loaded(images, model, options, all, failures, false);
    match model.settle() {
        true => {
            // It has the journal.
            drop(found);
            embed_as_loaded(images, model, options, all, failures, true)
        }
        false => found,
    }
}

/// - `is_again`: this run has already embedded the images in 8 bits and begun the journal
fn embed_as_loaded(
    images: &[ImageFile],
    model: &Model,
    options: &ImageOptions,
    all: &Options,
    failures: &mut Failures,
    is_again: bool,
) -> Outcome<Found> {
    failures.set_listed(images.len());
    let by_camera = model.encoder.cameras().is_some();
    let mut places = HashSet::new();
    let files: Vec<&ImageFile> =
        images.iter().filter(|image| places.insert(Place::of(image, by_camera))).collect();
    let opened = journal(all).map(|path| Journal::open(path, model, is_again)).transpose()?;
    let (mut journal, known) = match opened {
        Some((journal, known)) => (Some(journal), known),
        None => (None, Known::new()),
    };
    let mut found = Found::new(by_camera);
    embed_files(model, &files, options.threads, &known, |news| {
        if let News { shot: Ok(shot), embedding: Some(Ok(embedding)), .. } = &news
            && let Some(journal) = &mut journal
        {
            journal.add(shot, embedding)?;
        }
        found.take(files[news.index], news, failures);
        Ok(())
    })?;
    found.keep(known, journal);
    match files.iter().any(|image| found.embedding(image).is_ok()) {
        true => Ok(found),
        false => Err(format!("none of {} images could be embedded", images.len()).into()),
    }
}

/// Where the finished part of an `embed` is kept.
fn journal(all: &Options) -> Option<PathBuf> {
    let out = all.out.as_deref().filter(|out| all.command == Command::Embed && !is_special(out));
    out.map(Journal::path)
}

/// Passes the outcome of each file to `take` as soon as it is known.
///
/// - `known`: what the journal holds
fn embed_files(
    model: &Model,
    files: &[&ImageFile],
    threads: usize,
    known: &Known,
    take: impl FnMut(News) -> Outcome<()>,
) -> Outcome<()> {
    let (send, receive) = channel();
    let (next, begun) = (&AtomicUsize::new(0), &Mutex::default());
    thread::scope(|scope| {
        // A GPU takes batches of what all threads decode; a core of the CPU encodes what it decoded.
        let batches = (model.device == "webgpu").then(|| Batches::start(scope, model, &send));
        for _ in 0..threads.min(files.len()) {
            let worker = Worker { model, known, begun, send: send.clone(), batches: batches.clone() };
            scope.spawn(move || {
                // Nobody listens any more after an error: then this thread ends as well.
                let mut is_wanted = true;
                while is_wanted && !model.is_refused() {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(image) = files.get(index) else { return };
                    is_wanted = worker.embed(index, image);
                }
            });
        }
        drop((send, batches));
        collect(&receive, files.len(), take)
    })
}

fn collect(receive: &Receiver<News>, total: usize, mut take: impl FnMut(News) -> Outcome<()>) -> Outcome<()> {
    let progress = Progress::new(total);
    for (done, news) in (1..).zip(receive) {
        take(news)?;
        progress.show(done);
    }
    Ok(())
}

/// A thread that reads files.
struct Worker<'a> {
    model: &'a Model,
    known: &'a Known,
    /// What is embedded already, or being embedded.
    begun: &'a Mutex<HashSet<Shot>>,
    send: Sender<News>,
    batches: Option<Batches>,
}

impl Worker<'_> {
    /// Returns false if nobody wants any more.
    fn embed(&self, index: usize, image: &ImageFile) -> bool {
        let (shot, bytes) = match self.read(image) {
            Ok(read) => read,
            Err(reason) => return self.tell(News { index, shot: Err(reason), embedding: None }),
        };
        if self.begun.lock().is_ok_and(|mut begun| !begun.insert(shot.clone())) {
            return self.tell(News { index, shot: Ok(shot), embedding: None });
        }
        let is_known = self.known.contains_key(&shot);
        if is_known && self.model.eight_bits.is_none() {
            return self.tell(News { index, shot: Ok(shot), embedding: None });
        }
        let decoded = match self.pixels(&bytes) {
            Ok(pixels) => Decoded { index, shot, pixels },
            Err(reason) => return self.tell(News::embedding(index, shot, Err(reason))),
        };
        match &self.batches {
            Some(batches) => batches.add(decoded),
            None => {
                let embedding = self.encode(&image.path, &decoded);
                let is_news = !is_known || embedding.is_err();
                self.tell(News { index, shot: Ok(decoded.shot), embedding: is_news.then_some(embedding) })
            }
        }
    }

    /// Its embedding, or that of the journal; 8-bit ones are compared with F32 if they have to be.
    fn encode(&self, name: &str, image: &Decoded) -> Result<Vec<f32>, String> {
        let embedding = match self.known.get(&image.shot) {
            Some(known) => known.clone(),
            None => image.encode(&self.model.encoder)?,
        };
        if let Some(eight_bits) = &self.model.eight_bits {
            eight_bits.review(name, image, &embedding)?;
        }
        Ok(embedding)
    }

    /// What is to be embedded of a file, and its bytes.
    fn read(&self, image: &ImageFile) -> Result<(Shot, Vec<u8>), String> {
        let cameras = self.model.encoder.cameras();
        let camera = cameras.map(|cameras| cameras.index_of(image.camera.as_deref())).transpose();
        let camera = camera.map_err(|error| error.to_string())?;
        let bytes = std::fs::read(&image.file).map_err(|error| error.to_string())?;
        Ok((Shot { content: fingerprint::of_bytes(&bytes), camera }, bytes))
    }

    fn pixels(&self, bytes: &[u8]) -> Result<Vec<f32>, String> {
        // A decoder that gives up on one file must not take the others with it.
        let decoded = catch_unwind(|| decode(bytes)).map_err(|_| "its decoder stopped unexpectedly")?;
        let decoded = decoded.map_err(|error| error.to_string())?;
        Ok(self.model.preprocessor.preprocess(&decoded))
    }

    fn tell(&self, news: News) -> bool {
        self.send.send(news).is_ok()
    }
}
