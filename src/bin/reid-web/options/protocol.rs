//! The evaluation protocol that the command line asks for.

use reid_web::protocols::SplitOptions;

use crate::Outcome;

/// How queries and gallery come about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Each image against the others.
    LeaveOneOut,
    /// One image of each identity in the gallery, drawn.
    SingleGalleryShot,
    /// Runs drawn from all images; the seed is that of the settings.
    Splits { gallery_images: usize, runs: usize },
}

impl Protocol {
    /// By its name, with what belongs to it.
    pub fn named(
        name: Option<&str>,
        gallery_images: Option<usize>,
        runs: Option<usize>,
    ) -> Outcome<Option<Self>> {
        if name != Some("splits") && (gallery_images.is_some() || runs.is_some()) {
            return Err("--gallery-images and --runs are for --protocol splits".into());
        }
        let usual = SplitOptions::default();
        Ok(match name {
            None => None,
            Some("leave-one-out") => Some(Self::LeaveOneOut),
            Some("cuhk03") => Some(Self::SingleGalleryShot),
            Some("splits") => Some(Self::Splits {
                gallery_images: gallery_images.unwrap_or(usual.gallery_images),
                runs: runs.unwrap_or(usual.runs),
            }),
            Some(other) => {
                let expected = "expected leave-one-out, splits or cuhk03";
                return Err(format!("--protocol is {other}, {expected}").into());
            }
        })
    }

    /// Whether queries and gallery are taken together.
    pub fn takes_a_pool(self) -> bool {
        self != Self::SingleGalleryShot
    }
}
