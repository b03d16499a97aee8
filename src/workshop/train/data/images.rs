//! Where the images of a training come from.

use std::sync::{Arc, OnceLock};

use crate::Result;
use crate::image::{Preprocessor, RgbImage};

/// Images of numbered identities: a folder, or a program that draws them.
pub trait Images: Send + Sync {
    /// Number of identities; they are numbered from 0.
    fn identities(&self) -> u32;

    /// Number of images of one identity, at least 1.
    fn count(&self, identity: u32) -> u32;

    /// One image, always the same for the same arguments.
    ///
    /// - `identity`: below [`Images::identities`]
    /// - `index`: below [`Images::count`]
    ///
    /// # Errors
    ///
    /// If the image cannot be read.
    fn image(&self, identity: u32, index: u32) -> Result<RgbImage>;
}

/// The images at the size of the encoder's input, kept in memory if requested.
///
/// A kept image takes 3·S² bytes: 3000 identities with 8 images of 128 pixels take 1.2 GB.
pub struct SizedImages {
    source: Arc<dyn Images>,
    preprocessor: Preprocessor,
    /// `[identity][index]`; empty if nothing is kept.
    kept: Vec<Vec<OnceLock<RgbImage>>>,
}

impl SizedImages {
    /// Images resized and cropped to `image_size` pixels a side as CLIP does.
    pub fn new(source: Arc<dyn Images>, image_size: u32, keep: bool) -> Self {
        let slots = |identity| (0..source.count(identity)).map(|_| OnceLock::new()).collect();
        let kept = if keep { (0..source.identities()).map(slots).collect() } else { Vec::new() };
        Self { source, preprocessor: Preprocessor::clip(image_size), kept }
    }

    /// What turns the images into the encoder's input.
    pub fn preprocessor(&self) -> &Preprocessor {
        &self.preprocessor
    }

    fn drawn(&self, identity: u32, index: u32) -> Result<RgbImage> {
        Ok(self.preprocessor.pixels(&self.source.image(identity, index)?))
    }
}

impl Images for SizedImages {
    fn identities(&self) -> u32 {
        self.source.identities()
    }

    fn count(&self, identity: u32) -> u32 {
        self.source.count(identity)
    }

    fn image(&self, identity: u32, index: u32) -> Result<RgbImage> {
        let slot = self.kept.get(identity as usize).and_then(|slots| slots.get(index as usize));
        let Some(slot) = slot else {
            return self.drawn(identity, index);
        };
        if let Some(image) = slot.get() {
            return Ok(image.clone());
        }
        // Two threads may draw the same image at once; both draw the same pixels.
        let image = self.drawn(identity, index)?;
        Ok(slot.get_or_init(|| image).clone())
    }
}
