//! Paths → labels, for a whole folder at once.

use reid_web::dataset::{Label, Set, label_from_path};

/// Of the images of one folder.
pub fn labels_from_paths(paths: &[String]) -> Vec<Label> {
    paths.iter().map(|path| label_from_path(path)).collect()
}

/// Of the images of two folders that are the two sets.
pub fn labels_of_sets(query: &[String], gallery: &[String]) -> [Vec<Label>; 2] {
    [(query, Set::Query), (gallery, Set::Gallery)].map(|(paths, set)| {
        labels_from_paths(paths).into_iter().map(|label| Label { set: Some(set), ..label }).collect()
    })
}
