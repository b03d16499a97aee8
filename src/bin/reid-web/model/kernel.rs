//! Which of the ways to compute linear layers is the fastest on this GPU.

use std::time::Instant;

use reid_web::encoder::{ImageEncoder, agreement, known_images};

use crate::Outcome;

/// Of each way that many, after one that compiles it; the fastest of them counts.
const RUNS: usize = 3;

/// Leaves the encoder with the fastest kernel whose embeddings are right.
///
/// - `trusted`: the CPU's embeddings of the known images
pub fn choose_fastest(encoder: &mut ImageEncoder, trusted: &[f32]) -> Outcome<()> {
    let images = known_images(encoder.config().image_size());
    let mut fastest = None;
    let mut failure = None;
    for kernel in encoder.kernels() {
        encoder.set_kernel(kernel);
        let found = pollster::block_on(encoder.embed_as_a_check(images.clone()))?;
        if let Err(error) = agreement(trusted, &found) {
            failure = Some(error);
            continue;
        }
        let mut least = f64::INFINITY;
        for _ in 0..RUNS {
            let start = Instant::now();
            pollster::block_on(encoder.embed_as_a_check(images.clone()))?;
            least = least.min(start.elapsed().as_secs_f64());
        }
        if fastest.is_none_or(|(_, seconds)| least < seconds) {
            fastest = Some((kernel, least));
        }
    }
    match (fastest, failure) {
        (Some((kernel, _)), _) => encoder.set_kernel(kernel),
        (None, Some(error)) => return Err(format!("WebGPU: {error}").into()),
        (None, None) => return Err("WebGPU: there is no way to compute".into()),
    }
    Ok(())
}
