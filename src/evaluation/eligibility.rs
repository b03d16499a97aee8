//! Eligibility: which gallery images count for which query, and which of them match.

use std::collections::HashMap;

use super::EvaluationOptions;
use super::left_out::{MatchCounts, Unmatched};
use crate::labels::{ImageLabel, JUNK};
use crate::metrics::UnmatchedPolicy;

/// The labels of both sets, as numbers: names are compared once, not once per pair.
#[derive(Clone, Debug)]
pub(crate) struct Eligibility {
    query: Vec<Subject>,
    gallery: Vec<Subject>,
    /// Gallery indices of each identity, ascending.
    of_identity: Vec<Vec<usize>>,
    /// `[queries]`: gallery images of the query's own file, ascending.
    same_file: Vec<Vec<usize>>,
    /// Every gallery image has an identity, junk's among them.
    is_all_labelled: bool,
    options: EvaluationOptions,
    /// `[queries]`: the gallery image that the query itself is, if it is among them: no image is ranked for itself.
    own: Vec<Option<usize>>,
}

#[derive(Clone, Copy, Debug)]
struct Subject {
    identity: Identity,
    camera: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Identity {
    Unknown,
    Junk,
    Known(u32),
}

impl Eligibility {
    pub(crate) fn new(query: &[ImageLabel], gallery: &[ImageLabel], options: EvaluationOptions) -> Self {
        let mut names = Names::default();
        let same_file = same_files(query, gallery);
        let query: Vec<Subject> = query.iter().map(|label| names.subject(label)).collect();
        let gallery: Vec<Subject> = gallery.iter().map(|label| names.subject(label)).collect();
        let mut of_identity = vec![Vec::new(); names.identities.len()];
        for (index, image) in gallery.iter().enumerate() {
            if let Identity::Known(number) = image.identity {
                of_identity[number as usize].push(index);
            }
        }
        let is_all_labelled = gallery.iter().all(|image| image.identity != Identity::Unknown);
        let own = vec![None; query.len()];
        Self { query, gallery, of_identity, same_file, is_all_labelled, options, own }
    }

    /// Each image of one set against the others of it.
    pub(crate) fn leave_one_out(labels: &[ImageLabel], options: EvaluationOptions) -> Self {
        Self::new(labels, labels, options).with_own((0..labels.len()).map(Some).collect())
    }

    /// Of sets that share images. A query's own image is none of its matches, and no other image of its file either.
    ///
    /// - `own`: `[queries]`: the gallery image that the query itself is
    pub(crate) fn with_own(mut self, own: Vec<Option<usize>>) -> Self {
        for (others, own) in self.same_file.iter_mut().zip(&own) {
            others.retain(|&other| Some(other) != *own);
        }
        Self { own, ..self }
    }

    /// With other pairs of the same file than those of the labels.
    ///
    /// - `same_file`: `[queries]`: gallery indices of each, ascending
    pub(crate) fn with_same_files(self, same_file: Vec<Vec<usize>>) -> Self {
        Self { same_file, ..self }
    }

    pub(super) fn queries(&self) -> usize {
        self.query.len()
    }

    pub(super) fn gallery(&self) -> usize {
        self.gallery.len()
    }

    pub(super) fn unmatched_policy(&self) -> UnmatchedPolicy {
        self.options.unmatched
    }

    /// Gallery indices that count for a query, ascending.
    pub(super) fn kept(&self, query: usize) -> impl Iterator<Item = usize> {
        let own = self.own[query];
        let same_file = self.same_file[query].as_slice();
        let query = self.query[query];
        let counts =
            move |image: &Subject| image.identity != Identity::Junk && !self.is_same_shot(query, image);
        self.gallery
            .iter()
            .enumerate()
            .filter(move |&(index, image)| {
                own != Some(index) && counts(image) && same_file.binary_search(&index).is_err()
            })
            .map(|(index, _)| index)
    }

    /// Same identity and same camera, all of them known, if the options leave such images out.
    fn is_same_shot(&self, query: Subject, image: &Subject) -> bool {
        let is_known = matches!(query.identity, Identity::Known(_)) && query.camera.is_some();
        let is_same = || query.identity == image.identity && query.camera == image.camera;
        self.options.remove_same_camera && is_known && is_same()
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

    /// Gallery images of a query's identity, by whether they count for it. Itself is none of them.
    pub(super) fn matches(&self, query: usize) -> MatchCounts {
        let Identity::Known(number) = self.query[query].identity else { return MatchCounts::default() };
        let mut counts = MatchCounts::default();
        for &image in &self.of_identity[number as usize] {
            if self.own[query] == Some(image) {
                continue;
            }
            if self.same_file[query].binary_search(&image).is_ok() {
                counts.same_file += 1;
            } else if self.is_same_shot(self.query[query], &self.gallery[image]) {
                counts.same_camera += 1;
            } else {
                counts.counted += 1;
            }
        }
        counts
    }

    /// Why a query has no match; `None` if it has one or no identity, or if there is no gallery to look in.
    pub(super) fn unmatched(&self, query: usize) -> Option<Unmatched> {
        let is_asked = self.is_labelled(query) && !self.gallery.is_empty();
        is_asked.then(|| self.matches(query).unmatched(self.is_all_labelled)).flatten()
    }

    /// Pairs of a query and a gallery image of the same file, junk not among them.
    pub(super) fn same_file_pairs(&self) -> usize {
        let is_counted = |image: &&usize| self.gallery[**image].identity != Identity::Junk;
        self.same_file.iter().flatten().filter(is_counted).count()
    }

    /// Queries and gallery images of identity "-1".
    pub(super) fn junk(&self) -> [usize; 2] {
        [&self.query, &self.gallery]
            .map(|set| set.iter().filter(|image| image.identity == Identity::Junk).count())
    }

    /// Gallery images that have an identity other than "-1".
    pub(super) fn labelled_gallery(&self) -> usize {
        self.of_identity.iter().map(Vec::len).sum()
    }
}

/// `[queries]`: the gallery images of each query's own file, ascending.
pub(crate) fn same_files(query: &[ImageLabel], gallery: &[ImageLabel]) -> Vec<Vec<usize>> {
    let mut of_content = HashMap::<&str, Vec<usize>>::new();
    for (index, label) in gallery.iter().enumerate() {
        if let Some(content) = label.content.as_deref() {
            of_content.entry(content).or_default().push(index);
        }
    }
    let of = |label: &ImageLabel| of_content.get(label.content.as_deref()?).cloned();
    query.iter().map(|label| of(label).unwrap_or_default()).collect()
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
