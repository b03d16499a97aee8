//! Score normalisation, against numpy (`tests/reference/evaluation/make_refinement_fixtures.py`) to 1e-6 of the scores.

use crate::support::references::{assert_close, cases};
use reid_web::Error;
use reid_web::ranking::top_k;
use reid_web::refinement::{Cohort, ScoreNorm, normalise_scores};
use serde::Deserialize;

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

#[derive(Deserialize)]
struct Case {
    name: String,
    scores: Vec<Vec<f32>>,
    results: Vec<Expected>,
}

#[derive(Deserialize)]
struct Expected {
    norm: String,
    cohort: Option<usize>,
    /// `None` where a cohort has no spread.
    expected: Option<Vec<Vec<f64>>>,
}

impl Expected {
    fn norm(&self) -> ScoreNorm {
        match self.norm.as_str() {
            "z" => ScoreNorm::Z,
            "t" => ScoreNorm::T,
            _ => ScoreNorm::S,
        }
    }
}

#[test]
fn normalised_scores_equal_the_reference_and_cohorts_without_spread_are_refused() {
    let mut refused = 0;
    for case in cases::<Case>(include_str!("../../fixtures/refinement/score_norm.json")) {
        for expected in &case.results {
            let what = format!("{}, {}, {:?}", case.name, expected.norm, expected.cohort);
            let cohort = expected.cohort.map_or(Cohort::All, Cohort::Closest);
            let mut scores = case.scores.concat();
            let result = normalise_scores(&mut scores, case.scores[0].len(), expected.norm(), cohort);
            if let Some(expected) = &expected.expected {
                result.unwrap();
                let largest = expected.concat().into_iter().fold(1.0, |a: f64, b| a.max(b.abs()));
                assert_close(&scores, expected, 1e-6 * largest, &what);
            } else {
                refused += 1;
                assert!(matches!(result, Err(Error::NoSpread(_))), "{what}");
                assert_eq!(scores, case.scores.concat(), "{what}");
            }
        }
    }
    assert!(refused > 9, "{refused}");
}

#[test]
fn t_norm_keeps_every_order_and_z_norm_does_not() {
    // The second gallery image is near to every query.
    let scores = [0.5, 0.9, 0.4, 0.1, 0.8, 0.2, 0.0, 0.85, 0.7];
    let ranks = |norm| {
        let mut scores = scores;
        normalise_scores(&mut scores, 3, norm, Cohort::All).unwrap();
        let list = |row: &[f32]| top_k(row, 3).iter().map(|entry| entry.index).collect::<Vec<_>>();
        scores.chunks_exact(3).map(list).collect::<Vec<_>>()
    };
    assert_eq!(ranks(ScoreNorm::T), [[1, 0, 2], [1, 2, 0], [1, 2, 0]]);
    assert_eq!(ranks(ScoreNorm::Z), [[0, 1, 2], [0, 2, 1], [2, 1, 0]]);
}

#[test]
fn more_columns_than_are_gathered_at_a_time_change_nothing() {
    let score = |row: usize, column: usize| ((row * 31 + column * column * 7) % 23) as f32 / 23.0;
    let mut wide: Vec<f32> = (0..5 * 37).map(|index| score(index / 37, index % 37)).collect();
    normalise_scores(&mut wide, 37, ScoreNorm::Z, Cohort::All).unwrap();
    for column in 0..37 {
        let mut alone: Vec<f32> = (0..5).map(|row| score(row, column)).collect();
        normalise_scores(&mut alone, 1, ScoreNorm::Z, Cohort::All).unwrap();
        let found: Vec<f32> = wide.iter().skip(column).step_by(37).copied().collect();
        assert_eq!(found, alone, "column {column}");
    }
}

#[test]
fn incomplete_rows_and_too_small_cohorts_are_refused() {
    let mut scores = [0.1, 0.2, 0.3];
    for gallery in [0, 2, 4] {
        let result = normalise_scores(&mut scores, gallery, ScoreNorm::S, Cohort::All);
        assert!(matches!(result, Err(Error::SimilarityCount { found: 3, .. })), "{gallery}");
    }
    for count in [0, 1] {
        let result = normalise_scores(&mut scores, 3, ScoreNorm::T, Cohort::Closest(count));
        assert!(matches!(result, Err(Error::Setting { .. })), "{count}");
    }
    assert!(normalise_scores(&mut [], 0, ScoreNorm::S, Cohort::All).is_ok());
}
