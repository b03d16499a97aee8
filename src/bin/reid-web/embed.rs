//! Images → embeddings, on several threads, with a journal from which an interrupted run continues.

use std::collections::{HashMap, HashSet};
use std::panic::catch_unwind;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use reid_web::image::decode;

use super::batches::{Batches, Decoded, News, encode};
use super::console::Progress;
use super::embedded::{Embedded, EmbeddedImage};
use super::failures::Failures;
use super::files::is_special;
use super::images::{self, ImageFile};
use super::journal::{Journal, Known};
use super::model::{self, Model};
use super::options::{Command, ImageOptions, Options};
use super::{Outcome, fingerprint};

/// Embeds what the options name. Images that cannot be read are failures and left out.
pub fn embed(options: &ImageOptions, all: &Options, failures: &mut Failures) -> Outcome<Embedded> {
    let files = images::list(options, failures)?;
    let model = model::load(options)?;
    let found = embed_each(&files, &model, options, all, failures)?;
    Ok(Embedded::new(model.info, found.embedded(&files, failures)?, journal(all)))
}

/// Embeds each real file, and each content, once; continues a journal if there is one.
///
/// Errors if there is no embedding at all, or the journal cannot be written.
pub fn embed_each(
    images: &[ImageFile],
    model: &Model,
    options: &ImageOptions,
    all: &Options,
    failures: &mut Failures,
) -> Outcome<Found> {
    failures.set_listed(images.len());
    let mut known = HashSet::new();
    let files: Vec<&ImageFile> = images.iter().filter(|image| known.insert(&image.file)).collect();
    let (mut journal, known) = match journal(all).map(|path| Journal::open(path, model)).transpose()? {
        Some((journal, known)) => (Some(journal), known),
        None => (None, Known::new()),
    };
    let begun = Mutex::new(known.keys().cloned().collect());
    let embeddings = known.into_iter().map(|(content, embedding)| (content, Ok(embedding)));
    let mut found = Found { files: HashMap::new(), embeddings: embeddings.collect() };
    embed_files(model, &files, options.threads, &begun, |news| {
        if let News { content: Ok(content), embedding: Some(Ok(embedding)), .. } = &news
            && let Some(journal) = &mut journal
        {
            journal.add(content, embedding)?;
        }
        found.take(files[news.index], news, failures);
        Ok(())
    })?;
    match files.iter().any(|image| found.embedding(image).is_ok()) {
        true => Ok(found),
        false => Err(format!("none of {} images could be embedded", images.len()).into()),
    }
}

/// Where what is done of an `embed` is kept.
fn journal(all: &Options) -> Option<PathBuf> {
    let out = all.out.as_deref().filter(|out| all.command == Command::Embed && !is_special(out));
    out.map(Journal::path)
}

/// What came of the files.
pub struct Found {
    /// The content of each real file, or why it cannot be read.
    files: HashMap<PathBuf, Result<String, String>>,
    /// The embedding of each content, or why there is none.
    embeddings: HashMap<String, Result<Vec<f32>, String>>,
}

/// Why an image has no embedding.
enum Missing<'a> {
    /// It was tried.
    Failed(&'a str),
    /// Nothing came back: a fault of this program.
    Lost,
}

impl Found {
    fn take(&mut self, image: &ImageFile, news: News, failures: &mut Failures) {
        let failed = news.embedding.as_ref().map_or(news.content.as_ref().err(), |one| one.as_ref().err());
        if let Some(reason) = failed {
            failures.say(&image.path, reason);
        }
        if let (Ok(content), Some(embedding)) = (&news.content, news.embedding) {
            self.embeddings.insert(content.clone(), embedding);
        }
        self.files.insert(image.file.clone(), news.content);
    }

    /// The content of an image, and its embedding.
    fn embedding(&self, image: &ImageFile) -> Result<(&str, &[f32]), Missing<'_>> {
        let content = self.files.get(&image.file).ok_or(Missing::Lost)?;
        let content = content.as_ref().map_err(|reason| Missing::Failed(reason))?;
        let embedding = self.embeddings.get(content).ok_or(Missing::Lost)?;
        let embedding = embedding.as_ref().map_err(|reason| Missing::Failed(reason))?;
        Ok((content, embedding))
    }

    /// The images with their embeddings; all others are counted as failures.
    ///
    /// Errors if one is neither embedded nor a failure.
    pub fn embedded(&self, images: &[ImageFile], failures: &mut Failures) -> Outcome<Vec<EmbeddedImage>> {
        let mut embedded = Vec::new();
        for image in images {
            match self.embedding(image) {
                Ok((content, embedding)) => embedded.push(image.embedded(content, embedding)),
                Err(Missing::Failed(reason)) => failures.add(&image.path, reason),
                Err(Missing::Lost) => {
                    return Err(format!("{}: it was lost, neither embedded nor refused", image.path).into());
                }
            }
        }
        Ok(embedded)
    }
}

/// Gives what each file comes to to `take`, as it comes.
///
/// - `begun`: contents that are embedded already, or being embedded
fn embed_files(
    model: &Model,
    files: &[&ImageFile],
    threads: usize,
    begun: &Mutex<HashSet<String>>,
    take: impl FnMut(News) -> Outcome<()>,
) -> Outcome<()> {
    let (send, receive) = channel();
    let next = &AtomicUsize::new(0);
    thread::scope(|scope| {
        // A GPU takes batches of what all threads decode; a core of the CPU encodes what it decoded.
        let batches = (model.device == "webgpu").then(|| Batches::start(scope, model, &send));
        for _ in 0..threads.min(files.len()) {
            let worker = Worker { model, begun, send: send.clone(), batches: batches.clone() };
            scope.spawn(move || {
                // Nobody listens any more after an error: then this thread ends as well.
                let mut is_wanted = true;
                while is_wanted {
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
    begun: &'a Mutex<HashSet<String>>,
    send: Sender<News>,
    batches: Option<Batches>,
}

impl Worker<'_> {
    /// Returns false if nobody wants any more.
    fn embed(&self, index: usize, image: &ImageFile) -> bool {
        let bytes = match std::fs::read(&image.file) {
            Ok(bytes) => bytes,
            Err(error) => return self.tell(News { index, content: Err(error.to_string()), embedding: None }),
        };
        let content = fingerprint::of_bytes(&bytes);
        if self.begun.lock().is_ok_and(|mut begun| !begun.insert(content.clone())) {
            return self.tell(News { index, content: Ok(content), embedding: None });
        }
        match (self.pixels(&bytes), &self.batches) {
            (Ok(pixels), Some(batches)) => batches.add(Decoded { index, content, pixels }),
            (Ok(pixels), None) => self.tell(News::embedding(index, content, encode(self.model, pixels))),
            (Err(reason), _) => self.tell(News::embedding(index, content, Err(reason))),
        }
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

#[cfg(test)]
mod tests {
    use reid_web::dataset::Set;

    use super::*;

    fn image(name: &str) -> ImageFile {
        ImageFile { file: name.into(), path: name.into(), set: Set::Query, identity: None, camera: None }
    }

    #[test]
    fn an_image_that_is_neither_embedded_nor_refused_is_an_error() {
        let mut found = Found { files: HashMap::new(), embeddings: HashMap::new() };
        let (images, mut failures) = (["a", "b"].map(image), Failures::default());
        found.take(&images[0], News::embedding(0, "1".into(), Ok(vec![1.0])), &mut failures);
        assert_eq!(found.embedded(&images[..1], &mut failures).unwrap().len(), 1);
        assert!(
            found.embedded(&images, &mut failures).err().unwrap().to_string().starts_with("b: it was lost")
        );
        // Of the same content as another one, whose embedding never came.
        found.take(&images[1], News { index: 1, content: Ok("2".into()), embedding: None }, &mut failures);
        assert!(found.embedded(&images, &mut failures).is_err());
        assert!(failures.is_empty());
        found.take(&images[1], News::embedding(1, "2".into(), Err("damaged".into())), &mut failures);
        assert_eq!(found.embedded(&images, &mut failures).unwrap().len(), 1);
        assert!(!failures.is_empty());
    }
}
