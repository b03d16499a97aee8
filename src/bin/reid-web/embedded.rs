//! Embedded images: from files, into files.

use std::fs;
use std::path::{Path, PathBuf};

use reid_web::dataset::Set;
use reid_web::evaluation::ImageLabel;
use reid_web::exchange::{
    ImportedImage, ImportedSet, read_export, read_mat, write_labels, write_mat, write_npy,
};
use reid_web::refinement::EmbeddingRows;
use serde_json::{Value, json};

use super::{Outcome, write};

/// Images with their embeddings.
pub struct Embedded {
    /// What a report says of the model; null if the file does not say.
    pub model: Value,
    images: Vec<EmbeddedImage>,
    dim: usize,
    /// Of no use once these are written.
    journal: Option<PathBuf>,
}

/// One of them.
pub struct EmbeddedImage {
    pub image: ImportedImage,
    /// Where it is; `None` if only its embedding is there.
    pub file: Option<PathBuf>,
    pub embedding: Vec<f32>,
}

/// One set of them.
#[derive(Default)]
pub struct Side {
    /// `[images, dim]` row-major.
    pub embeddings: Vec<f32>,
    pub labels: Vec<ImageLabel>,
    pub paths: Vec<String>,
    pub files: Vec<Option<PathBuf>>,
}

impl Embedded {
    pub fn new(model: Value, images: Vec<EmbeddedImage>, journal: Option<PathBuf>) -> Self {
        let dim = images.first().map_or(1, |image| image.embedding.len());
        Self { model, images, dim, journal }
    }

    /// Reads a file by its ending.
    pub fn read(file: &Path, labels: Option<&Path>) -> Outcome<Self> {
        let bytes = read(file)?;
        let named = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let ending = file.extension().unwrap_or_default().to_ascii_lowercase();
        let set = match (ending.to_str(), labels) {
            (Some("json"), None) => read_export(&bytes),
            (Some("mat"), None) => read_mat(&bytes),
            (Some("npy"), Some(labels)) => ImportedSet::from_npy_and_csv(&bytes, &read(labels)?),
            (Some("npy"), None) => {
                return Err(named(&"--labels FILE.csv is missing, which says what its rows are").into());
            }
            (_, Some(_)) => return Err(named(&"--labels belong to a .npy file").into()),
            _ => return Err(named(&"accepted are .json, .mat and .npy files").into()),
        };
        let ImportedSet { images, embeddings, dim, rescaled } = set.map_err(|error| named(&error))?;
        if rescaled > 0 {
            eprintln!("reid-web: {rescaled} of {} embeddings were scaled to length 1", images.len());
        }
        let model = match ending.to_str() {
            Some("json") => serde_json::from_slice::<Value>(&bytes)?["model"].take(),
            _ => Value::Null,
        };
        let rows = embeddings.chunks(dim).map(<[f32]>::to_vec);
        let embedded = images.into_iter().zip(rows);
        let images = embedded.map(|(image, embedding)| EmbeddedImage { image, file: None, embedding });
        Ok(Self { model, images: images.collect(), dim, journal: None })
    }

    /// Writes them by the file's ending and removes the journal. A `.npy` file gets its labels beside it.
    pub fn write(&self, out: Option<&Path>) -> Outcome<()> {
        let pool = self.pool();
        let rows = EmbeddingRows::new(&pool.embeddings, self.dim)?;
        let images: Vec<ImportedImage> = self.images.iter().map(|one| one.image.clone()).collect();
        match out.and_then(Path::extension).and_then(|ending| ending.to_str()) {
            Some("npy") => {
                let labels = out.map(|path| path.with_extension("csv"));
                write(labels.as_deref(), &write_labels(&images)?)?;
                write(out, &write_npy(rows))?;
            }
            Some("mat") => write(out, &write_mat(&images, rows)?)?,
            _ => write(out, self.json()?.as_bytes())?,
        }
        if let Some(journal) = &self.journal {
            fs::remove_file(journal)?;
        }
        Ok(())
    }

    /// As the page saves them.
    fn json(&self) -> Outcome<String> {
        let lines = self.images.iter().map(|EmbeddedImage { image, embedding, .. }| {
            let mut line = serde_json::to_value(image)?;
            line["embedding"] = serde_json::to_value(embedding)?;
            Ok(line.to_string())
        });
        let lines: Vec<String> = lines.collect::<Outcome<_>>()?;
        Ok(format!("{{\"model\":{},\"images\":[\n{}\n]}}\n", json!(self.model), lines.join(",\n")))
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
        for EmbeddedImage { image, file, embedding } in self.images.iter().filter(|one| is_wanted(&one.image))
        {
            side.embeddings.extend_from_slice(embedding);
            side.labels.push(image.label());
            side.paths.push(image.path.clone());
            side.files.push(file.clone());
        }
        side
    }

    pub fn dim(&self) -> usize {
        self.dim
    }
}

fn read(file: &Path) -> Outcome<Vec<u8>> {
    fs::read(file).map_err(|error| format!("{}: {error}", file.display()).into())
}
