/// Euclidean distance of two unit-length embeddings, from their cosine similarity s: √(2 − 2s).
///
/// It orders pairs as the similarity does, the other way round. A similarity that rounding has put above 1
/// gives 0. Near 1 the root magnifies rounding: 6e-8 in the similarity is up to 3.5e-4 in the distance.
///
/// - `similarity`: -1..=1, higher is closer
/// - returns 0..=2, lower is closer
///
/// ```
/// # use reid_web::refinement::euclidean_distance;
/// assert_eq!([1.0, 0.5, -1.0].map(euclidean_distance), [0.0, 1.0, 2.0]);
/// ```
#[must_use]
pub fn euclidean_distance(similarity: f32) -> f32 {
    (2.0 - 2.0 * similarity).max(0.0).sqrt()
}
