//! What came of image files: embeddings, and why there is none.

use std::collections::HashMap;
use std::path::PathBuf;

use crate::Outcome;
use crate::embed::batches::News;
use crate::embed::journal::{Journal, Known, Shot};
use crate::embedded::EmbeddedImage;
use crate::images::ImageFile;
use crate::output::failures::Failures;

/// What came of the files.
#[derive(Default)]
pub struct Found {
    by_camera: bool,
    /// What was embedded of each real file, or why it cannot be.
    files: HashMap<Place, Result<Shot, String>>,
    /// The embedding of each, or why there is none.
    embeddings: HashMap<Shot, Result<Vec<f32>, String>>,
    /// Those of the journal.
    known: Known,
    /// Locked as long as it is here.
    journal: Option<Journal>,
}

/// A real file, and who took it if that matters to the model.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Place(PathBuf, Option<String>);

impl Place {
    pub fn of(image: &ImageFile, by_camera: bool) -> Self {
        Self(image.file.clone(), image.camera.clone().filter(|_| by_camera))
    }
}

/// Why an image has no embedding.
pub enum Missing<'a> {
    /// It was tried.
    Failed(&'a str),
    /// Nothing came back: a fault of this program.
    Lost,
}

impl Found {
    pub fn new(by_camera: bool) -> Self {
        Self { by_camera, ..Self::default() }
    }

    /// Takes the journal, and what it had.
    pub fn keep(&mut self, known: Known, journal: Option<Journal>) {
        (self.known, self.journal) = (known, journal);
    }

    pub fn into_journal(self) -> Option<Journal> {
        self.journal
    }

    pub fn take(&mut self, image: &ImageFile, news: News, failures: &mut Failures) {
        let failed = news.embedding.as_ref().map_or(news.shot.as_ref().err(), |one| one.as_ref().err());
        if let Some(reason) = failed {
            failures.say(&image.path, reason);
        }
        if let (Ok(shot), Some(embedding)) = (&news.shot, news.embedding) {
            self.embeddings.insert(shot.clone(), embedding);
        }
        self.files.insert(Place::of(image, self.by_camera), news.shot);
    }

    /// The content of an image, and its embedding.
    pub fn embedding(&self, image: &ImageFile) -> Result<(&str, &[f32]), Missing<'_>> {
        let shot = self.files.get(&Place::of(image, self.by_camera)).ok_or(Missing::Lost)?;
        let shot = shot.as_ref().map_err(|reason| Missing::Failed(reason))?;
        let embedding = match self.embeddings.get(shot) {
            Some(embedding) => embedding.as_ref().map_err(|reason| Missing::Failed(reason))?,
            None => self.known.get(shot).ok_or(Missing::Lost)?,
        };
        Ok((&shot.content, embedding))
    }

    /// The images with their embeddings, and those without; these are counted as failures.
    ///
    /// Errors if one is neither embedded nor a failure.
    pub fn embedded<'a>(
        &self,
        images: &'a [ImageFile],
        failures: &mut Failures,
    ) -> Outcome<(Vec<EmbeddedImage>, Vec<&'a ImageFile>)> {
        let (mut embedded, mut failed) = (Vec::new(), Vec::new());
        for image in images {
            match self.embedding(image) {
                Ok((content, embedding)) => embedded.push(image.embedded(content, embedding)),
                Err(Missing::Failed(reason)) => {
                    failures.add(&image.path, reason);
                    failed.push(image);
                }
                Err(Missing::Lost) => {
                    return Err(format!("{}: it was lost, neither embedded nor refused", image.path).into());
                }
            }
        }
        Ok((embedded, failed))
    }
}

#[cfg(test)]
mod tests {
    use reid_web::dataset::Set;

    use super::*;

    fn image(name: &str) -> ImageFile {
        ImageFile {
            file: name.into(),
            path: name.into(),
            set: Set::Query,
            identity: None,
            camera: None,
            overruled: None,
        }
    }

    fn shot(content: &str) -> Shot {
        Shot { content: content.into(), camera: None }
    }

    #[test]
    fn an_image_that_is_neither_embedded_nor_refused_is_an_error() {
        let mut found = Found::new(false);
        let (images, mut failures) = (["a", "b"].map(image), Failures::default());
        found.take(&images[0], News::embedding(0, shot("1"), Ok(vec![1.0])), &mut failures);
        assert_eq!(found.embedded(&images[..1], &mut failures).unwrap().0.len(), 1);
        assert!(
            found.embedded(&images, &mut failures).err().unwrap().to_string().starts_with("b: it was lost")
        );
        // Of the same content as another one, whose embedding never came.
        found.take(&images[1], News { index: 1, shot: Ok(shot("2")), embedding: None }, &mut failures);
        assert!(found.embedded(&images, &mut failures).is_err());
        assert!(failures.is_empty());
        found.take(&images[1], News::embedding(1, shot("2"), Err("damaged".into())), &mut failures);
        let (embedded, failed) = found.embedded(&images, &mut failures).unwrap();
        assert_eq!((embedded.len(), failed[0].path.as_str()), (1, "b"));
        assert!(!failures.is_empty());
    }
}
