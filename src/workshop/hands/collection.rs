//! Which pictures a data set has and what their files are called.

use crate::workshop::hands::hand::identity::Hand;
use crate::workshop::hands::rendering::drawing::{Drawing, draw};
use crate::workshop::hands::scene::shot::Shot;

/// Cameras of [`market`].
pub const CAMERAS: u64 = 3;
/// In [`market`], one identity out of this many has no picture in the gallery.
pub const MISSING_EVERY: u64 = 5;

/// One picture of a data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Path below the data set's folder, with `/`.
    pub path: String,
    /// Number of the person.
    pub identity: u64,
    /// Which of the person's shots.
    pub index: u64,
    /// The camera, from 1; `None` if every shot is taken somewhere else.
    pub camera: Option<u64>,
}

impl Picture {
    /// Draws it.
    ///
    /// - `side`: pixels
    #[must_use]
    pub fn draw(&self, seed: u64, side: u32) -> Drawing {
        let shot = match self.camera {
            Some(camera) => Shot::by_camera(seed, self.identity, self.index, camera),
            None => Shot::new(seed, self.identity, self.index),
        };
        draw(&Hand::new(seed, self.identity), &shot, side)
    }
}

/// The folder of an identity: `0001051`.
#[must_use]
pub fn folder_name(identity: u64) -> String {
    format!("{identity:07}")
}

/// A folder per identity: `query0/0001051/hand_0.jpg`, `gallery0/0001051/hand_4.jpg`.
///
/// - `first`: number of the first identity
/// - `queries`, `gallery`: pictures of each identity
#[must_use]
pub fn folders(first: u64, identities: u64, queries: u64, gallery: u64) -> Vec<Picture> {
    let picture = |identity: u64, index: u64| {
        let set = if index < queries { "query0" } else { "gallery0" };
        let path = format!("{set}/{}/hand_{index}.jpg", folder_name(identity));
        Picture { path, identity, index, camera: None }
    };
    (first..first + identities)
        .flat_map(|identity| (0..queries + gallery).map(move |index| (identity, index)))
        .map(|(identity, index)| picture(identity, index))
        .collect()
}

/// Names as in Market-1501: `query/0001_c1s1_000151_00.jpg`, `bounding_box_test/0001_c2s1_000302_00.jpg`.
///
/// Each identity is once in the query set, by one camera, and in the gallery by each of the others.
/// Every [`MISSING_EVERY`]-th identity is missing from the gallery.
///
/// - `first`: number of the first identity
#[must_use]
pub fn market(first: u64, identities: u64) -> Vec<Picture> {
    let mut pictures = Vec::new();
    for identity in first..first + identities {
        let is_missing = (identity - first) % MISSING_EVERY == MISSING_EVERY - 1;
        let query_camera = 1 + identity % CAMERAS;
        for camera in 1..=CAMERAS {
            let is_query = camera == query_camera;
            if !is_query && is_missing {
                continue;
            }
            let set = if is_query { "query" } else { "bounding_box_test" };
            let frame = 151 * camera + identity % 100;
            let path = format!("{set}/{identity:04}_c{camera}s1_{frame:06}_00.jpg");
            // Shots by a camera are others than those in folders.
            pictures.push(Picture { path, identity, index: 1000 + camera, camera: Some(camera) });
        }
    }
    pictures
}
