//! Folders → the images of one query set and one gallery set.

pub mod layout;
mod names;
mod walk;

use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::Hash;
use std::path::{Path, PathBuf};

use reid_web::dataset::{Label, Run, Set, choose_runs, labels_from_paths, labels_of_sets};
use reid_web::exchange::ImportedImage;

use crate::Outcome;
use crate::embedded::EmbeddedImage;
use crate::images::walk::{Walked, walk};
use crate::options::ImageOptions;
use crate::output::console::{images as counted, note};
use crate::output::failures::Failures;

/// An image that is to be embedded.
#[derive(Clone, Debug)]
pub struct ImageFile {
    /// Where it really is, with all links followed. An image is known by this and its set, never by what is shown.
    pub file: PathBuf,
    /// As people know it: from the chosen folder on, with `/`.
    pub path: String,
    pub set: Set,
    pub identity: Option<String>,
    pub camera: Option<String>,
    /// The folder whose name is another identity than the file's name, which counts.
    pub overruled: Option<String>,
}

impl ImageFile {
    /// What is known of it, with its embedding.
    ///
    /// - `content`: SHA-256 of the file
    pub fn embedded(&self, content: &str, embedding: &[f32]) -> EmbeddedImage {
        let Self { path, set, identity, camera, .. } = self.clone();
        let image =
            ImportedImage { path, set: Some(set), identity, camera, content: Some(content.to_owned()) };
        EmbeddedImage { image, embedding: embedding.to_vec() }
    }
}

/// The images of one run; `None` is one without a number.
pub type RunImages = (Option<String>, Vec<ImageFile>);

/// The images of all runs in the data.
pub fn list_runs(options: &ImageOptions, failures: &mut Failures) -> Outcome<Vec<RunImages>> {
    let Some(folder) = &options.data else { return Ok(Vec::new()) };
    let found = labelled_in(folder, failures)?;
    let of_run = |run: Run| {
        let images = chosen(found.clone(), Some(&run), options);
        check_sets(&images, options)?;
        say_set_folders(&images);
        Ok((run.run, images))
    };
    let runs = choose_runs(&labels(&found));
    check_runs(&runs, &found, options)?;
    let runs: Vec<RunImages> = runs.into_iter().map(of_run).collect::<Outcome<_>>()?;
    layout::say_overruled(runs.iter().flat_map(|(_, images)| images));
    Ok(runs)
}

/// Means over runs are only worth something if all have the same kind of gallery, and none is missing unnoticed.
fn check_runs(runs: &[Run], found: &[Labelled], options: &ImageOptions) -> Outcome<()> {
    if let Some(split) = runs.iter().find_map(Run::split) {
        let names = names(runs);
        return Err(format!("--all-runs would mix splits ({names}); --run {split} takes one of them").into());
    }
    let (with_all, without): (Vec<Run>, Vec<Run>) = runs.iter().cloned().partition(|run| run.gallery == 0);
    if !options.distractors && !with_all.is_empty() && !without.is_empty() {
        return Err(format!(
            "run {} has only a gallery with distractors, run {} has one without; --distractors takes the former of \
             each",
            names(&with_all),
            names(&without)
        )
        .into());
    }
    let named = found.iter().filter(|image| image.label.set.is_some()).map(|image| image.label.run.clone());
    let incomplete: BTreeSet<_> = named.filter(|name| runs.iter().all(|run| run.run != *name)).collect();
    if !incomplete.is_empty() {
        let incomplete: Vec<Run> = incomplete.into_iter().map(|run| Run { run, ..Run::default() }).collect();
        note(format_args!(
            "left out: run {}, without a query or without a gallery folder",
            names(&incomplete)
        ));
    }
    Ok(())
}

/// The images of both sets, or of a pool, in the order of their paths.
pub fn list(options: &ImageOptions, failures: &mut Failures) -> Outcome<Vec<ImageFile>> {
    let images = match (&options.data, &options.query, &options.gallery) {
        (None, Some(query), Some(gallery)) => {
            chosen(labelled_in_both(query, gallery, failures)?, None, options)
        }
        (Some(folder), ..) => {
            let found = labelled_in(folder, failures)?;
            let run = chosen_run(&choose_runs(&labels(&found)), options)?;
            let outside = found.iter().filter(|image| image.label.set.is_none()).count();
            if !options.pool && outside > 0 {
                note(format_args!("left out: {} in neither a query nor a gallery folder", counted(outside)));
            }
            chosen(found, run.as_ref(), options)
        }
        _ => Vec::new(),
    };
    check_sets(&images, options)?;
    say_set_folders(&images);
    layout::say_overruled(images.iter());
    Ok(images)
}

fn say_set_folders(images: &[ImageFile]) {
    layout::say_set_folders(images.iter().map(|image| (Some(image.set), image.path.as_str())));
}

fn check_sets(images: &[ImageFile], options: &ImageOptions) -> Outcome<()> {
    for (set, name, folder) in
        [(Set::Query, "query", &options.query), (Set::Gallery, "gallery", &options.gallery)]
    {
        if options.pool || images.iter().any(|image| image.set == set) {
            continue;
        }
        return Err(match (&options.data, folder) {
            (None, Some(folder)) => format!("{}: there are no {name} images in it", folder.display()),
            (data, _) => format!(
                "{}: there are no {name} images; --help explains how folders are named",
                data.as_deref().unwrap_or(Path::new("")).display()
            ),
        }
        .into());
    }
    Ok(())
}

/// The run that is asked for. `None` if the images have no runs.
fn chosen_run(runs: &[Run], options: &ImageOptions) -> Outcome<Option<Run>> {
    let run = match &options.run {
        None => runs.first(),
        Some(name) => {
            let found = runs.iter().find(|run| run.run.as_deref() == Some(name));
            Some(found.ok_or_else(|| format!("there is no run {name}; there are {}", names(runs)))?)
        }
    };
    if runs.len() > 1 && options.run.is_none() {
        note(format_args!("there are the runs {}; the first is used, --run chooses another", names(runs)));
    }
    Ok(run.cloned())
}

fn names(runs: &[Run]) -> String {
    let names: Vec<_> = runs.iter().map(|run| run.run.as_deref().unwrap_or("without a number")).collect();
    names.join(", ")
}

/// A file with what its path says.
#[derive(Clone)]
struct Labelled {
    file: PathBuf,
    path: String,
    links: usize,
    label: Label,
}

fn labels(images: &[Labelled]) -> Vec<Label> {
    images.iter().map(|image| image.label.clone()).collect()
}

/// The images below a folder with what their paths say.
fn labelled_in(folder: &Path, failures: &mut Failures) -> Outcome<Vec<Labelled>> {
    let found = images_in(folder, place, failures)?;
    let labels = labels_from_paths(&paths(&found));
    Ok(labelled(found, labels))
}

/// The images below two folders that are the two sets.
fn labelled_in_both(query: &Path, gallery: &Path, failures: &mut Failures) -> Outcome<Vec<Labelled>> {
    let (query, gallery) = (images_in(query, |_| (), failures)?, images_in(gallery, |_| (), failures)?);
    let [of_query, of_gallery] = labels_of_sets(&paths(&query), &paths(&gallery));
    Ok(labelled(query, of_query).into_iter().chain(labelled(gallery, of_gallery)).collect())
}

/// The set and run that files in a folder belong to: in another one the same files count again.
fn place(folder: &str) -> Option<(Option<Set>, Option<String>, bool)> {
    let label = labels_from_paths(&[format!("{folder}/image")]).pop()?;
    Some((label.set, label.run, label.distractors))
}

fn images_in<P: Eq + Hash>(
    folder: &Path,
    place: impl Fn(&str) -> P,
    failures: &mut Failures,
) -> Outcome<Vec<Walked>> {
    let found = walk(folder, place, failures)?;
    if found.is_empty() && failures.is_empty() {
        return Err(format!("{}: there are no images in it", folder.display()).into());
    }
    Ok(found)
}

fn paths(found: &[Walked]) -> Vec<String> {
    found.iter().map(|file| file.path.clone()).collect()
}

fn labelled(found: Vec<Walked>, labels: Vec<Label>) -> Vec<Labelled> {
    let pairs = found.into_iter().zip(labels);
    pairs.map(|(Walked { file, path, links }, label)| Labelled { file, path, links, label }).collect()
}

/// The images of a run, each real file once in each set.
fn chosen(found: Vec<Labelled>, run: Option<&Run>, options: &ImageOptions) -> Vec<ImageFile> {
    let is_wanted = |label: &Label| match run {
        Some(run) => run.contains(label, options.distractors || run.gallery == 0),
        None => label.set.is_some() || options.pool,
    };
    let found: Vec<Labelled> = found.into_iter().filter(|image| is_wanted(&image.label)).collect();
    let kept = first_of_each_file(&found);
    say_two_identities(&found, &kept);
    let image = |(index, image): (usize, Labelled)| {
        let Labelled { file, path, label: Label { set, identity, camera, overruled, .. }, .. } = image;
        kept.contains(&index).then(|| ImageFile {
            file,
            path,
            set: set.unwrap_or(Set::Query),
            identity,
            camera,
            overruled,
        })
    };
    found.into_iter().enumerate().filter_map(image).collect()
}

/// Says which links to a file are left out although they lie with another identity than the one that is kept.
fn say_two_identities(images: &[Labelled], kept: &HashSet<usize>) {
    let place = |image: &'_ Labelled| (image.label.set, image.file.clone());
    let kept_at: HashMap<_, _> = kept.iter().map(|&index| (place(&images[index]), &images[index])).collect();
    for (_, left_out) in images.iter().enumerate().filter(|(index, _)| !kept.contains(index)) {
        let Some(used) = kept_at.get(&place(left_out)) else { continue };
        if used.label.identity != left_out.label.identity {
            note(format_args!(
                "left out: {} ({}), which is the same file as {} ({})",
                left_out.path,
                identity(left_out),
                used.path,
                identity(used)
            ));
        }
    }
}

fn identity(image: &Labelled) -> String {
    image.label.identity.as_ref().map_or("no identity".into(), |identity| format!("identity {identity}"))
}

/// Of the images of a set that are one file, the index of the one that the fewest links lead to.
fn first_of_each_file(images: &[Labelled]) -> HashSet<usize> {
    let mut order: Vec<usize> = (0..images.len()).collect();
    order.sort_by_key(|&index| images[index].links);
    let mut known = HashSet::new();
    order.retain(|&index| known.insert((images[index].label.set, &images[index].file)));
    order.into_iter().collect()
}
