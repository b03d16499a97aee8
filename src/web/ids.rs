//! Results with the page's ids in place of indices.

use serde::Serialize;

use crate::dataset::Set;
use crate::evaluation::{Evaluation, QueryResult, Ranked};
use crate::matching::Matching;
use crate::results::QueryValues;
use crate::study::{Change, Study};

/// Ids of both sets, in the order of their embeddings.
pub(super) struct Ids {
    query: Vec<u32>,
    gallery: Vec<u32>,
}

/// A query's result.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct QueryById<'a> {
    id: u32,
    best_id: Option<u32>,
    #[serde(flatten)]
    values: QueryValues<'a>,
}

/// A gallery image in the rank list of a query.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RankedById {
    id: u32,
    rank: usize,
    similarity: f32,
    is_match: Option<bool>,
}

/// A query whose average precision a refinement has changed.
#[derive(Serialize)]
pub(super) struct ChangeById {
    id: u32,
    before: f64,
    after: f64,
}

impl Ids {
    pub(super) fn of(matching: &Matching) -> Self {
        Self { query: matching.ids(Set::Query).to_vec(), gallery: matching.ids(Set::Gallery).to_vec() }
    }

    /// Those of a study's queries and gallery; an average has that of its first image.
    pub(super) fn of_study(&self, study: &Study) -> Self {
        let of = |ids: &[u32], members: &Option<Vec<Vec<usize>>>| match members {
            None => ids.to_vec(),
            Some(groups) => groups.iter().map(|group| ids[group[0]]).collect(),
        };
        Self {
            query: of(&self.query, &study.query_members),
            gallery: of(&self.gallery, &study.gallery_members),
        }
    }

    pub(super) fn queries<'a>(&self, evaluation: &'a Evaluation) -> Vec<QueryById<'a>> {
        let named = |result: &'a QueryResult| QueryById {
            id: self.query[result.index],
            best_id: result.best.map(|best| self.gallery[best]),
            values: result.into(),
        };
        evaluation.per_query.iter().map(named).collect()
    }

    pub(super) fn ranked(&self, entries: Vec<Ranked>) -> Vec<RankedById> {
        let named = |Ranked { index, rank, similarity, is_match }| RankedById {
            id: self.gallery[index],
            rank,
            similarity,
            is_match,
        };
        entries.into_iter().map(named).collect()
    }

    pub(super) fn change(&self, Change { index, before, after }: Change) -> ChangeById {
        ChangeById { id: self.query[index], before, after }
    }
}
