//! Embedded images: from files, into files.

use std::path::Path;

use reid_web::dataset::Set;
use reid_web::embedding::EmbeddingRows;
use reid_web::exchange::{
    ExchangeError, ImportedImage, ImportedSet, model_of_export, read_embeddings, write_labels, write_mat,
    write_npy,
};
use reid_web::labels::{ImageLabel, Missing};
use serde_json::{Value, json};

use crate::Outcome;
use crate::embed::journal::Journal;
use crate::images::ImageFile;
use crate::images::layout;
use crate::output::console::note;
use crate::output::destination::{self, ending};
use crate::output::files::{read, write, write_together};

/// Images with their embeddings.
pub struct Embedded {
    /// What a report says of the model; null if the file does not describe it.
    pub model: Value,
    images: Vec<EmbeddedImage>,
    dim: usize,
    /// Queries and gallery images that could not be read.
    missing: [Missing; 2],
    /// No longer needed once these are written.
    journal: Option<Journal>,
}

/// One of them.
pub struct EmbeddedImage {
    pub image: ImportedImage,
    pub embedding: Vec<f32>,
}

/// One set of them.
#[derive(Default)]
pub struct Side {
    /// `[images, dim]` row-major.
    pub embeddings: Vec<f32>,
    /// With the content of the files.
    pub labels: Vec<ImageLabel>,
    pub paths: Vec<String>,
}

impl Embedded {
    pub fn new(model: Value, images: Vec<EmbeddedImage>, journal: Option<Journal>) -> Self {
        let dim = images.first().map_or(1, |image| image.embedding.len());
        Self { model, images, dim, missing: Default::default(), journal }
    }

    /// With these, which have no embedding.
    pub fn without(mut self, failed: &[&ImageFile]) -> Self {
        self.missing = [Set::Query, Set::Gallery].map(|set| {
            let of_set = failed.iter().filter(|image| image.set == set);
            Missing::of(&Vec::from_iter(
                of_set.map(|image| ImageLabel { identity: image.identity.clone(), ..ImageLabel::default() }),
            ))
        });
        self
    }

    /// Images of either set that have no embedding.
    pub fn missing_of_pool(&self) -> Missing {
        let [query, gallery] = &self.missing;
        query.and(gallery)
    }

    /// Queries and gallery images that have no embedding.
    pub fn missing(&self) -> [&Missing; 2] {
        self.missing.each_ref()
    }

    /// Reads a file by its ending, as the page does.
    pub fn read(file: &Path, labels: Option<&Path>) -> Outcome<Self> {
        let ending = ending(file);
        let named = |error: &str| format!("{}: {error}", file.display());
        let labels_file = labels;
        match (ending.as_str(), labels) {
            ("npy", None) => {
                return Err(named("--labels FILE.csv, which describes its rows, is missing").into());
            }
            ("npy", _) | (_, None) => {}
            (_, Some(_)) => return Err(named("--labels belong to a .npy file").into()),
        }
        let bytes = read(file)?;
        let labels = labels.map(read).transpose()?;
        let ImportedSet { images, embeddings, dim, rescaled } =
            read_embeddings(&ending, &bytes, labels.as_deref()).map_err(|error| {
                match (&error, labels_file) {
                    (ExchangeError::Csv { .. }, Some(labels)) => format!("{}: {error}", labels.display()),
                    (ExchangeError::Count { .. }, Some(labels)) => {
                        named(&format!("{error} ({})", labels.display()))
                    }
                    _ => named(&error.to_string()),
                }
            })?;
        if rescaled > 0 {
            note(format_args!("{rescaled} of {} embeddings were scaled to length 1", images.len()));
        }
        if let (Some(file), Some(csv)) = (labels_file, &labels) {
            layout::say_columns(file, csv, &images)?;
        }
        let model = if ending == "json" { model_of_export(&bytes) } else { None };
        let rows = embeddings.chunks(dim).map(<[f32]>::to_vec);
        let embedded = images.into_iter().zip(rows);
        let images = embedded.map(|(image, embedding)| EmbeddedImage { image, embedding }).collect();
        Ok(Self { model: model.unwrap_or_default(), images, dim, missing: Default::default(), journal: None })
    }

    /// Writes them by the file's ending and removes the journal. A `.npy` file gets its labels beside it.
    pub fn write(&self, out: Option<&Path>) -> Outcome<()> {
        let pool = self.pool();
        let rows = EmbeddingRows::new(&pool.embeddings, self.dim)?;
        let images: Vec<ImportedImage> = self.images.iter().map(|one| one.image.clone()).collect();
        match (out, out.map(ending).as_deref()) {
            (Some(path), Some("npy")) => {
                let (beside, labels) = (destination::labels_beside(path), write_labels(&images)?);
                destination::keep_old(&beside, &labels)?;
                write_together(&[(&beside, &labels), (path, &write_npy(rows))])?;
            }
            (_, Some("mat")) => write(out, &write_mat(&images, rows)?)?,
            _ => write(out, self.json()?.as_bytes())?,
        }
        self.journal.as_ref().map_or(Ok(()), Journal::remove)
    }

    /// As the page saves them.
    fn json(&self) -> Outcome<String> {
        let lines = self.images.iter().map(|EmbeddedImage { image, embedding }| {
            let mut line = serde_json::to_value(image)?;
            line["embedding"] = serde_json::to_value(embedding)?;
            Ok(line.to_string())
        });
        let lines: Vec<String> = lines.collect::<Outcome<_>>()?;
        Ok(format!("{{\"model\":{},\"images\":[\n{}\n]}}\n", json!(self.model), lines.join(",\n")))
    }

    pub fn images(&self) -> &[EmbeddedImage] {
        &self.images
    }

    /// The images of one set, in order.
    pub fn side(&self, set: Set) -> Side {
        self.of(|image| image.set == Some(set))
    }

    /// All images, in order.
    pub fn pool(&self) -> Side {
        self.of(|_| true)
    }

    fn of(&self, is_wanted: impl Fn(&ImportedImage) -> bool) -> Side {
        let mut side = Side::default();
        for EmbeddedImage { image, embedding } in self.images.iter().filter(|one| is_wanted(&one.image)) {
            side.embeddings.extend_from_slice(embedding);
            side.labels.push(image.label());
            side.paths.push(image.path.clone());
        }
        side
    }

    pub fn dim(&self) -> usize {
        self.dim
    }
}
