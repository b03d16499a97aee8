//! Monte-Carlo runs: which query folder belongs to which gallery folder.

use serde::Serialize;

use super::split::split_order;
use super::{Label, Set};

/// The folders of one number, as counts of images: `query3`, `gallery3` and `gallery3_all`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// [`Label::run`] of its images; `None` for folders without a number.
    pub run: Option<String>,
    /// Images in the query folder.
    pub query: usize,
    /// Images in the gallery folder without distractors.
    pub gallery: usize,
    /// Images in the gallery folder with distractors, which repeats those without.
    pub gallery_all: usize,
}

impl Run {
    /// Whether an image belongs to this run, with the one gallery folder or with the other.
    #[must_use]
    pub fn contains(&self, label: &Label, distractors: bool) -> bool {
        let is_in_folder = match label.set {
            Some(Set::Query) => true,
            Some(Set::Gallery) => label.distractors == distractors,
            None => false,
        };
        is_in_folder && label.run == self.run
    }

    /// The split that it is, or belongs to, if the data set has several: "test".
    #[must_use]
    pub fn split(&self) -> Option<&str> {
        let run = self.run.as_deref()?;
        split_order(run).and_then(|_| run.split('/').next())
    }

    fn add(&mut self, set: Set, distractors: bool) {
        match (set, distractors) {
            (Set::Query, _) => self.query += 1,
            (Set::Gallery, false) => self.gallery += 1,
            (Set::Gallery, true) => self.gallery_all += 1,
        }
    }

    fn is_complete(&self) -> bool {
        self.query > 0 && self.gallery + self.gallery_all > 0
    }

    /// Folders without a number first, then 2 before 10; of splits the test first, training last.
    fn order(&self) -> Option<(Option<usize>, usize, String)> {
        self.run.clone().map(|run| (split_order(&run), run.trim_start_matches('0').len(), run))
    }
}

/// The runs that a data set has, by number: query N with gallery N and gallery N_all.
///
/// Folders of a number that has only one of the two sets are a run only if no number has both. Splits of a data set,
/// `test/query` beside `train/query`, are runs as well.
///
/// ```
/// # use reid_web::dataset::{choose_runs, labels_from_paths};
/// let paths = ["query0/a/1.jpg", "query0/a/2.jpg", "gallery0/a/3.jpg", "query1/a/1.jpg"];
/// let runs = choose_runs(&labels_from_paths(&paths));
/// assert_eq!(runs.len(), 1);
/// assert_eq!((runs[0].run.as_deref(), runs[0].query, runs[0].gallery), (Some("0"), 2, 1));
/// ```
#[must_use]
pub fn choose_runs(labels: &[Label]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for label in labels {
        if let Some(set) = label.set {
            run_of(&mut runs, label).add(set, label.distractors);
        }
    }
    if runs.iter().any(Run::is_complete) {
        runs.retain(Run::is_complete);
    }
    runs.sort_by_cached_key(Run::order);
    runs
}

/// The run of a label's number, made if it is the first.
fn run_of<'a>(runs: &'a mut Vec<Run>, label: &Label) -> &'a mut Run {
    let known = runs.iter().position(|run| run.run == label.run);
    let index = known.unwrap_or_else(|| {
        runs.push(Run { run: label.run.clone(), ..Run::default() });
        runs.len() - 1
    });
    &mut runs[index]
}
