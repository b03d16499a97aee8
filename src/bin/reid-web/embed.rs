//! Images → embeddings, on several threads, with a journal from which an interrupted run goes on.

use std::collections::HashMap;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, IsTerminal, Write, stderr};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Instant;

use reid_web::image::decode;
use serde::{Deserialize, Serialize};

use super::Outcome;
use super::batches::{Batches, Embedding, encode};
use super::embedded::Embedded;
use super::images::{self, ImageFile};
use super::model::{self, Model};
use super::options::{Command, ImageOptions, Options};

/// A line of the journal.
#[derive(Serialize, Deserialize)]
struct Entry {
    path: String,
    embedding: Vec<f32>,
}

/// Embeds what the options name. Images that cannot be read are said on stderr and left out.
pub fn embed(options: &ImageOptions, all: &Options) -> Outcome<Embedded> {
    let files = images::list(options)?;
    embed_files(files, &mut model::load(options)?, options, all)
}

/// Embeds these images by a loaded model.
pub fn embed_files(
    files: Vec<ImageFile>,
    model: &mut Model,
    options: &ImageOptions,
    all: &Options,
) -> Outcome<Embedded> {
    let mut known = embed_each(&files, model, options, all)?;
    let embedded = files.into_iter().filter_map(|image| {
        let embedding = known.remove(&image.path)?;
        Some(image.embedded(embedding))
    });
    Ok(Embedded::new(model.info.clone(), embedded.collect(), journal(all)))
}

/// The embedding of each image by its path, without those that cannot be read; goes on with a journal if there is one.
/// If 8-bit weights do not do for these images, all are embedded in F32.
pub fn embed_each(
    files: &[ImageFile],
    model: &mut Model,
    options: &ImageOptions,
    all: &Options,
) -> Outcome<HashMap<String, Vec<f32>>> {
    let known = embed_as_loaded(files, model, options, all);
    match model.settle() {
        true => embed_as_loaded(files, model, options, all),
        false => known,
    }
}

fn embed_as_loaded(
    files: &[ImageFile],
    model: &Model,
    options: &ImageOptions,
    all: &Options,
) -> Outcome<HashMap<String, Vec<f32>>> {
    let journal = journal(all);
    let mut known =
        journal.as_deref().map_or_else(HashMap::new, |path| read_journal(path, &model.info.to_string()));
    if !known.is_empty() {
        eprintln!("reid-web: {} images are embedded already", known.len());
    }
    review_known(files, &known, model)?;
    let waiting: Vec<&ImageFile> = files.iter().filter(|image| !known.contains_key(&image.path)).collect();
    let mut writer = journal.as_deref().map(|path| open_journal(path, model, &known)).transpose()?;
    let failed = embed_all(model, &waiting, options.threads, |entry| {
        if let Some(file) = &mut writer {
            writeln!(file, "{}", serde_json::to_string(&entry)?)?;
        }
        known.insert(entry.path, entry.embedding);
        Ok(())
    })?;
    match known.is_empty() {
        true => Err(format!("none of {failed} images could be embedded").into()),
        false => Ok(known),
    }
}

/// Compares embeddings of 8 bits that an interrupted run left.
fn review_known(files: &[ImageFile], known: &HashMap<String, Vec<f32>>, model: &Model) -> Outcome<()> {
    let Some(eight_bits) = &model.eight_bits else { return Ok(()) };
    for image in files {
        let Some(found) = known.get(&image.path).filter(|_| !model.is_refused()) else { continue };
        eight_bits.review(&image.path, found, || pixels(model, image))?;
    }
    Ok(())
}

/// Where what is done of an `embed` is kept.
fn journal(all: &Options) -> Option<PathBuf> {
    all.out.as_deref().filter(|_| all.command == Command::Embed).map(journal_of)
}

/// Gives each embedding to `take` as it comes; returns how many images failed.
fn embed_all(
    model: &Model,
    images: &[&ImageFile],
    threads: usize,
    take: impl FnMut(Entry) -> Outcome<()>,
) -> Outcome<usize> {
    let (send, receive) = channel();
    let next = &AtomicUsize::new(0);
    thread::scope(|scope| {
        // A GPU takes batches of what all threads decode; a core of the CPU encodes what it decoded.
        let batches = (model.device == "webgpu").then(|| Batches::start(scope, model, &send));
        for _ in 0..threads.min(images.len()) {
            let (send, batches) = (send.clone(), batches.clone());
            scope.spawn(move || {
                while let Some(image) = images.get(next.fetch_add(1, Ordering::Relaxed)) {
                    if model.is_refused() {
                        return;
                    }
                    let path = image.path.clone();
                    let is_wanted = match (pixels(model, image), &batches) {
                        (Ok(pixels), Some(batches)) => batches.add(path, pixels),
                        (pixels, _) => {
                            let embedding = pixels.and_then(|pixels| encode_reviewed(model, &path, pixels));
                            send.send((path, embedding)).is_ok()
                        }
                    };
                    // Nobody listens any more after an error: then this thread ends as well.
                    if !is_wanted {
                        return;
                    }
                }
            });
        }
        drop((send, batches));
        collect(&receive, images.len(), take)
    })
}

/// - `pixels`: `[3, H, W]`
fn encode_reviewed(model: &Model, path: &str, pixels: Vec<f32>) -> Result<Vec<f32>, String> {
    let Some(eight_bits) = &model.eight_bits else { return encode(model, pixels) };
    let found = encode(model, pixels.clone())?;
    eight_bits.review(path, &found, || Ok(pixels))?;
    Ok(found)
}

fn pixels(model: &Model, image: &ImageFile) -> Result<Vec<f32>, String> {
    let bytes = std::fs::read(&image.file).map_err(|error| error.to_string())?;
    let decoded = decode(&bytes).map_err(|error| error.to_string())?;
    Ok(model.preprocessor.preprocess(&decoded))
}

fn collect(
    receive: &Receiver<Embedding>,
    total: usize,
    mut take: impl FnMut(Entry) -> Outcome<()>,
) -> Outcome<usize> {
    let (start, mut failed) = (Instant::now(), 0);
    for (done, (path, embedding)) in (1..).zip(receive) {
        match embedding {
            Ok(embedding) => take(Entry { path, embedding })?,
            Err(reason) => {
                failed += 1;
                eprintln!("\r{path}: {reason}");
            }
        }
        show_progress(done, total, start);
    }
    Ok(failed)
}

fn show_progress(done: usize, total: usize, start: Instant) {
    if !stderr().is_terminal() {
        return;
    }
    let rate = done as f64 / start.elapsed().as_secs_f64();
    let left = (total - done) as f64 / rate;
    eprint!("\r{done} of {total} images, {rate:.1} a second, {left:.0} s left   ");
    if done == total {
        eprintln!();
    }
}

fn journal_of(out: &Path) -> PathBuf {
    let mut name = out.as_os_str().to_owned();
    name.push(".partial");
    name.into()
}

/// The embeddings of a journal by the same model, which its first line tells; a line that was cut off is left out.
fn read_journal(path: &Path, model: &str) -> HashMap<String, Vec<f32>> {
    let Ok(file) = File::open(path) else { return HashMap::new() };
    let mut lines = BufReader::new(file).lines().map_while(Result::ok);
    if lines.next().as_deref() != Some(model) {
        return HashMap::new();
    }
    let entries = lines.filter_map(|line| serde_json::from_str::<Entry>(&line).ok());
    entries.map(|Entry { path, embedding }| (path, embedding)).collect()
}

/// Begins the journal with what is known, so that a line that was cut off is no longer there.
fn open_journal(path: &Path, model: &Model, known: &HashMap<String, Vec<f32>>) -> Outcome<File> {
    let mut file = OpenOptions::new().create(true).write(true).truncate(true).open(path)?;
    writeln!(file, "{}", model.info)?;
    for (path, embedding) in known {
        let entry = Entry { path: path.clone(), embedding: embedding.clone() };
        writeln!(file, "{}", serde_json::to_string(&entry)?)?;
    }
    Ok(file)
}
