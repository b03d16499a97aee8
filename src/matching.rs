//! Embeddings by the caller's ids, in whatever order they arrive.
//!
//! A page embeds images on several workers, so they finish out of order; what it shows must not depend on
//! that. Both sets are therefore kept in the order of their ids, which decides ties.

use crate::dataset::Set;
use crate::embedding::SimilarityMatrix;
use crate::{Error, Result};

/// The similarity matrix of both sets, rows and columns in ascending order of their ids.
#[derive(Clone, Debug, Default)]
pub struct Matching {
    matrix: SimilarityMatrix,
    query: Vec<u32>,
    gallery: Vec<u32>,
}

impl Matching {
    /// Without images.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an image.
    ///
    /// - `embedding`: `[D]`, length 1, D as in the embeddings before
    ///
    /// # Errors
    ///
    /// [`Error::DuplicateId`] if the set has the id already; otherwise those of
    /// [`SimilarityMatrix::insert_query`]. Nothing is then changed.
    pub fn add(&mut self, set: Set, id: u32, embedding: &[f32]) -> Result<()> {
        let Err(at) = self.ids(set).binary_search(&id) else {
            return Err(Error::DuplicateId { id });
        };
        match set {
            Set::Query => self.matrix.insert_query(at, embedding)?,
            Set::Gallery => self.matrix.insert_gallery(at, embedding)?,
        }
        self.ids_mut(set).insert(at, id);
        Ok(())
    }

    /// Removes an image.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownId`] if the set does not have it.
    pub fn remove(&mut self, set: Set, id: u32) -> Result<()> {
        let at = self.index(set, id)?;
        match set {
            Set::Query => self.matrix.remove_query(at)?,
            Set::Gallery => self.matrix.remove_gallery(at)?,
        }
        self.ids_mut(set).remove(at);
        Ok(())
    }

    /// Row or column of an image.
    ///
    /// # Errors
    ///
    /// [`Error::UnknownId`] if the set does not have it.
    pub fn index(&self, set: Set, id: u32) -> Result<usize> {
        self.ids(set).binary_search(&id).map_err(|_| Error::UnknownId(id))
    }

    /// Ids of the rows or columns, ascending.
    #[must_use]
    pub fn ids(&self, set: Set) -> &[u32] {
        match set {
            Set::Query => &self.query,
            Set::Gallery => &self.gallery,
        }
    }

    /// The similarities.
    #[must_use]
    pub fn matrix(&self) -> &SimilarityMatrix {
        &self.matrix
    }

    fn ids_mut(&mut self, set: Set) -> &mut Vec<u32> {
        match set {
            Set::Query => &mut self.query,
            Set::Gallery => &mut self.gallery,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EAST: [f32; 2] = [1.0, 0.0];
    const NORTH: [f32; 2] = [0.0, 1.0];
    const BETWEEN: [f32; 2] = [0.6, 0.8];

    #[test]
    fn the_order_of_arrival_does_not_matter() {
        let images = [
            (Set::Query, 1, EAST),
            (Set::Query, 5, BETWEEN),
            (Set::Gallery, 2, NORTH),
            (Set::Gallery, 3, BETWEEN),
            (Set::Gallery, 9, EAST),
        ];
        let fill = |order: [usize; 5]| {
            let mut matching = Matching::new();
            for (set, id, embedding) in order.map(|at| images[at]) {
                matching.add(set, id, &embedding).unwrap();
            }
            matching
        };
        let forward = fill([0, 1, 2, 3, 4]);
        assert_eq!(forward.matrix(), fill([4, 1, 3, 0, 2]).matrix());
        assert_eq!(forward.ids(Set::Gallery), [2, 3, 9]);
        assert_eq!(forward.matrix().row(0)[..], [0.0, 0.6, 1.0]);
    }

    #[test]
    fn an_image_that_was_removed_was_never_there() {
        let mut matching = Matching::new();
        matching.add(Set::Query, 1, &EAST).unwrap();
        matching.add(Set::Gallery, 3, &NORTH).unwrap();
        let before = matching.clone();
        matching.add(Set::Gallery, 2, &BETWEEN).unwrap();
        matching.remove(Set::Gallery, 2).unwrap();
        assert_eq!(matching.matrix(), before.matrix());
        assert_eq!(matching.ids(Set::Gallery), [3]);
    }

    #[test]
    fn ids_are_used_once_and_known() {
        let mut matching = Matching::new();
        matching.add(Set::Query, 7, &EAST).unwrap();
        assert!(matching.add(Set::Query, 7, &NORTH).unwrap_err().to_string().contains('7'));
        assert!(matching.remove(Set::Gallery, 7).unwrap_err().to_string().contains('7'));
        assert!(matching.add(Set::Query, 8, &[0.5, 0.5]).is_err());
        assert_eq!(matching.ids(Set::Query), [7]);
    }
}
