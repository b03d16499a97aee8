//! What Python's protocols gave, and how it is compared.

use crate::support::references::Embeddings;
use reid_web::evaluation::Evaluation;
use reid_web::labels::ImageLabel;
use reid_web::labels::LabelledSet;
use reid_web::metrics::{RunSummary, UnmatchedPolicy};
use reid_web::protocols::CmcSummary;
use serde::Deserialize;

pub const FIXTURE: &str = include_str!("../../fixtures/metrics/protocols.json");
pub const TOLERANCE: f64 = 1e-12;

/// What either policy for unmatched queries gives.
#[derive(Deserialize)]
pub struct Policies<T> {
    pub drop: T,
    pub zero: T,
}

impl<T> Policies<T> {
    pub fn each(&self) -> [(UnmatchedPolicy, &T); 2] {
        [(UnmatchedPolicy::Drop, &self.drop), (UnmatchedPolicy::Zero, &self.zero)]
    }
}

#[derive(Deserialize)]
pub struct Images {
    pub embeddings: Vec<Vec<f32>>,
    pub identities: Vec<Option<String>>,
    pub cameras: Vec<Option<String>>,
}

impl Images {
    pub fn labels(&self) -> Vec<ImageLabel> {
        let pairs = self.identities.iter().cloned().zip(self.cameras.iter().cloned());
        pairs.map(|(identity, camera)| ImageLabel { identity, camera, content: None }).collect()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metrics {
    pub evaluated: usize,
    pub cmc: Vec<f64>,
    pub mean_average_precision: Option<f64>,
    pub mean_average_precision_trapezoidal: Option<f64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExpectedRuns {
    pub runs: usize,
    pub mean: f64,
    pub standard_deviation: Option<f64>,
}

#[derive(Deserialize)]
pub struct ExpectedCmc {
    pub rank1: ExpectedRuns,
    pub rank5: ExpectedRuns,
    pub rank10: ExpectedRuns,
}

pub fn with_set<T>(images: &Images, use_set: impl FnOnce(&LabelledSet) -> T) -> T {
    let (embeddings, labels) = (Embeddings::new(&images.embeddings), images.labels());
    use_set(&LabelledSet::new("pool", embeddings.rows(), &labels).unwrap())
}

pub fn assert_metrics(found: &Evaluation, expected: &Metrics, what: &str) {
    assert_eq!(found.evaluated, expected.evaluated, "{what}");
    assert_curve(&found.cmc, &expected.cmc, what);
    for (found, expected) in [
        (found.mean_average_precision, expected.mean_average_precision),
        (found.mean_average_precision_trapezoidal, expected.mean_average_precision_trapezoidal),
    ] {
        assert_eq!(found.is_some(), expected.is_some(), "{what}");
        assert_near(found.unwrap_or(0.0), expected.unwrap_or(0.0), what);
    }
}

pub fn assert_curve(found: &[f64], expected: &[f64], what: &str) {
    assert_eq!(found.len(), expected.len(), "{what}");
    found.iter().zip(expected).for_each(|(&found, &expected)| assert_near(found, expected, what));
}

pub fn assert_near(found: f64, expected: f64, what: &str) {
    assert!((found - expected).abs() <= TOLERANCE, "{what}: {found}, expected {expected}");
}

pub fn assert_runs(found: Option<RunSummary>, expected: &ExpectedRuns, what: &str) {
    let found = found.unwrap();
    assert_eq!(found.runs, expected.runs, "{what}");
    assert_near(found.mean, expected.mean, what);
    assert_eq!(found.standard_deviation.is_some(), expected.standard_deviation.is_some(), "{what}");
    assert_near(found.standard_deviation.unwrap_or(0.0), expected.standard_deviation.unwrap_or(0.0), what);
}

pub fn assert_cmc_summary(found: CmcSummary, expected: &ExpectedCmc, what: &str) {
    assert_runs(found.rank_1, &expected.rank1, what);
    assert_runs(found.rank_5, &expected.rank5, what);
    assert_runs(found.rank_10, &expected.rank10, what);
}
