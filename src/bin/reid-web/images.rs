//! Folders → the images of one query set and one gallery set.

use std::fs;
use std::path::{Path, PathBuf};

use reid_web::dataset::{Label, Run, Set, choose_runs, labels_from_paths, labels_of_sets, skip_reason};

use reid_web::exchange::ImportedImage;

use super::Outcome;
use super::embedded::EmbeddedImage;
use super::options::ImageOptions;

/// An image that is to be embedded.
#[derive(Clone, Debug)]
pub struct ImageFile {
    /// Where it is.
    pub file: PathBuf,
    /// As the page shows it: from the chosen folder on, with `/`.
    pub path: String,
    pub set: Set,
    pub identity: Option<String>,
    pub camera: Option<String>,
}

impl ImageFile {
    /// What is known of it, with its embedding.
    pub fn embedded(self, embedding: Vec<f32>) -> EmbeddedImage {
        let Self { file, path, set, identity, camera } = self;
        let image = ImportedImage { path, set: Some(set), identity, camera };
        EmbeddedImage { image, file: Some(file), embedding }
    }
}

/// The names of all runs in the data; `None` is one without a number.
pub fn runs(options: &ImageOptions) -> Outcome<Vec<Option<String>>> {
    let Some(folder) = &options.data else { return Ok(Vec::new()) };
    let labels: Vec<Label> = labelled_in(folder)?.into_iter().map(|(_, _, label)| label).collect();
    Ok(choose_runs(&labels).into_iter().map(|run| run.run).collect())
}

/// The images of both sets, or of a pool, in the order of their paths.
pub fn list(options: &ImageOptions) -> Outcome<Vec<ImageFile>> {
    let mut labelled = Vec::new();
    if let Some(folder) = &options.data {
        let found = labelled_in(folder)?;
        let labels: Vec<Label> = found.iter().map(|(_, _, label)| label.clone()).collect();
        let run = chosen_run(&choose_runs(&labels), options)?;
        labelled.extend(found.into_iter().filter(|(_, _, label)| match &run {
            Some((run, distractors)) => run.contains(label, *distractors),
            None => label.set.is_some() || options.pool,
        }));
    }
    let listed = |folder: &Option<PathBuf>| folder.as_deref().map_or(Ok(Vec::new()), images_in);
    let sets = [listed(&options.query)?, listed(&options.gallery)?];
    let labels = labels_of_sets(&paths_of(&sets[0]), &paths_of(&sets[1]));
    labelled.extend(sets.into_iter().zip(labels).flat_map(|(images, labels)| with_labels(images, labels)));
    let images = labelled.into_iter().filter_map(|(file, path, label)| {
        // A pool has no sets: any will do.
        let set = label.set.or(options.pool.then_some(Set::Query))?;
        Some(ImageFile { file, path, set, identity: label.identity, camera: label.camera })
    });
    let images: Vec<ImageFile> = images.collect();
    for (set, name) in [(Set::Query, "query"), (Set::Gallery, "gallery")] {
        if !options.pool && !images.iter().any(|image| image.set == set) {
            return Err(format!("there are no {name} images; --help says how folders are named").into());
        }
    }
    Ok(images)
}

/// The run that is asked for, and whether with distractors. `None` if the images have no runs.
fn chosen_run(runs: &[Run], options: &ImageOptions) -> Outcome<Option<(Run, bool)>> {
    let run = match &options.run {
        None => runs.first(),
        Some(name) => {
            let found = runs.iter().find(|run| run.run.as_deref() == Some(name));
            Some(found.ok_or_else(|| format!("there is no run {name}; there are {}", names(runs)))?)
        }
    };
    if runs.len() > 1 && options.run.is_none() && !options.all_runs {
        eprintln!("reid-web: of the runs {} the first is taken; --run takes another", names(runs));
    }
    Ok(run.map(|run| (run.clone(), options.distractors || run.gallery == 0)))
}

fn names(runs: &[Run]) -> String {
    let names: Vec<_> = runs.iter().map(|run| run.run.as_deref().unwrap_or("without a number")).collect();
    names.join(", ")
}

/// The images below a folder with what their paths say.
fn labelled_in(folder: &Path) -> Outcome<Vec<(PathBuf, String, Label)>> {
    let images = images_in(folder)?;
    let labels = labels_from_paths(&paths_of(&images));
    Ok(with_labels(images, labels))
}

fn paths_of(images: &[(PathBuf, String)]) -> Vec<String> {
    images.iter().map(|(_, path)| path.clone()).collect()
}

fn with_labels(images: Vec<(PathBuf, String)>, labels: Vec<Label>) -> Vec<(PathBuf, String, Label)> {
    images.into_iter().zip(labels).map(|((file, path), label)| (file, path, label)).collect()
}

/// The images below a folder, in the order of their paths.
fn images_in(folder: &Path) -> Outcome<Vec<(PathBuf, String)>> {
    let root = fs::canonicalize(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let name = root.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut files = Vec::new();
    walk(&root, &name, &mut files)?;
    files.sort_by(|(_, a), (_, b)| a.cmp(b));
    files.retain(|(_, path)| skip_reason(path).is_none());
    Ok(files)
}

fn walk(folder: &Path, path: &str, files: &mut Vec<(PathBuf, String)>) -> Outcome<()> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    for entry in entries {
        let entry = entry?;
        let path = format!("{path}/{}", entry.file_name().to_string_lossy());
        match entry.path() {
            inner if inner.is_dir() => walk(&inner, &path, files)?,
            file => files.push((file, path)),
        }
    }
    Ok(())
}
