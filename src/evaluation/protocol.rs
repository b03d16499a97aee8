//! Which gallery images count for which query, and which of them match.

use std::collections::HashMap;

use super::ImageLabel;

/// Identity of images that show nobody in particular (Market-1501: bad detections).
pub(crate) const JUNK: &str = "-1";

/// The labels of both sets, as numbers: names are compared once, not once a pair.
pub(super) struct Protocol {
    query: Vec<Subject>,
    gallery: Vec<Subject>,
    remove_same_camera: bool,
    /// Both sets are one, and no image is ranked for itself.
    leaves_one_out: bool,
}

#[derive(Clone, Copy)]
struct Subject {
    identity: Identity,
    camera: Option<u32>,
}

#[derive(Clone, Copy, PartialEq)]
enum Identity {
    Unknown,
    Junk,
    Known(u32),
}

impl Protocol {
    pub(super) fn new(query: &[ImageLabel], gallery: &[ImageLabel], remove_same_camera: bool) -> Self {
        let mut names = Names::default();
        let query = query.iter().map(|label| names.subject(label)).collect();
        let gallery = gallery.iter().map(|label| names.subject(label)).collect();
        Self { query, gallery, remove_same_camera, leaves_one_out: false }
    }

    /// Each image of one set against the others of it.
    pub(super) fn leave_one_out(labels: &[ImageLabel], remove_same_camera: bool) -> Self {
        Self { leaves_one_out: true, ..Self::new(labels, labels, remove_same_camera) }
    }

    /// Gallery indices that count for a query, ascending.
    pub(super) fn kept(&self, query: usize) -> impl Iterator<Item = usize> {
        let own = self.leaves_one_out.then_some(query);
        let query = self.query[query];
        let counts = move |image: &Subject| {
            image.identity != Identity::Junk && !(self.remove_same_camera && query.is_same_shot(image))
        };
        self.gallery
            .iter()
            .enumerate()
            .filter(move |&(index, image)| own != Some(index) && counts(image))
            .map(|(index, _)| index)
    }

    /// Whether a gallery image shows the query's identity; `None` if either has none.
    pub(super) fn is_match(&self, query: usize, image: usize) -> Option<bool> {
        match (self.query[query].identity, self.gallery[image].identity) {
            (Identity::Known(query), Identity::Known(image)) => Some(query == image),
            _ => None,
        }
    }

    /// Whether a query has an identity that can be looked for.
    pub(super) fn is_labelled(&self, query: usize) -> bool {
        matches!(self.query[query].identity, Identity::Known(_))
    }

    /// Number of gallery images left out for every query.
    pub(super) fn junk(&self) -> usize {
        self.gallery.iter().filter(|image| image.identity == Identity::Junk).count()
    }
}

impl Subject {
    /// Same identity and same camera, all of them known.
    fn is_same_shot(self, other: &Self) -> bool {
        let is_known = matches!(self.identity, Identity::Known(_)) && self.camera.is_some();
        is_known && self.identity == other.identity && self.camera == other.camera
    }
}

/// A number for each distinct name.
#[derive(Default)]
struct Names<'a> {
    identities: HashMap<&'a str, u32>,
    cameras: HashMap<&'a str, u32>,
}

impl<'a> Names<'a> {
    fn subject(&mut self, label: &'a ImageLabel) -> Subject {
        let identity = match label.identity.as_deref() {
            None => Identity::Unknown,
            Some(JUNK) => Identity::Junk,
            Some(name) => Identity::Known(number(&mut self.identities, name)),
        };
        let camera = label.camera.as_deref().map(|name| number(&mut self.cameras, name));
        Subject { identity, camera }
    }
}

fn number<'a>(numbers: &mut HashMap<&'a str, u32>, name: &'a str) -> u32 {
    let next = numbers.len() as u32;
    *numbers.entry(name).or_insert(next)
}
