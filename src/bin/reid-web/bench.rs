//! How fast this machine encodes: with each kernel of its device, at each batch size.

use std::time::Instant;

use reid_web::encoder::{ImageEncoder, known_images};
use serde_json::json;

use crate::options::{ImageOptions, Options};
use crate::output::console::say;
use crate::output::files::write;
use crate::{Outcome, model};

/// Images at once.
const BATCHES: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];
/// Runs of each size, at least, and how long they last.
const RUNS: usize = 5;
const LEAST_SECONDS: f64 = 0.4;
/// The last size is the one where this is reached: larger ones would only take longer.
const MOST_SECONDS: f64 = 5.0;

/// Writes a table, and the same values to `--out`.
pub fn bench(images: &ImageOptions, all: &Options) -> Outcome<()> {
    let mut model = model::load(images)?;
    say(format!("{} on {}\n", model.info["name"], model.device))?;
    say(format!("{:<14} {:>7} {:>13} {:>14}\n", "kernel", "batch", "ms an image", "images/s"))?;
    let mut rows = Vec::new();
    for kernel in model.encoder.kernels() {
        model.encoder.set_kernel(kernel);
        for batch in BATCHES {
            let seconds = median_seconds(&model.encoder, batch)?;
            let each = seconds / batch as f64;
            say(format!("{:<14} {batch:>7} {:>13.3} {:>14.1}\n", kernel.name(), 1e3 * each, 1.0 / each))?;
            rows.push(json!({ "kernel": kernel.name(), "batch": batch, "milliseconds": 1e3 * each }));
            if seconds > MOST_SECONDS {
                break;
            }
        }
    }
    let Some(out) = all.out.as_deref() else { return Ok(()) };
    let report = json!({ "model": model.info, "device": model.device, "measured": rows });
    write(Some(out), format!("{report:#}\n").as_bytes())
}

/// Of a batch, from pixels in memory to embeddings in memory; the first run does not count.
fn median_seconds(encoder: &ImageEncoder, batch: usize) -> Outcome<f64> {
    let two = known_images(encoder.config().image_size());
    let pixels: Vec<f32> = two.iter().copied().cycle().take(batch * two.len() / 2).collect();
    let mut seconds = Vec::new();
    let mut total = 0.0;
    for run in 0.. {
        let pixels = pixels.clone();
        let start = Instant::now();
        pollster::block_on(encoder.embed_as_a_check(pixels))?;
        let passed = start.elapsed().as_secs_f64();
        if run > 0 || passed > MOST_SECONDS {
            seconds.push(passed);
        }
        total += passed;
        if total > MOST_SECONDS || (seconds.len() >= RUNS && total > LEAST_SECONDS) {
            break;
        }
    }
    seconds.sort_by(f64::total_cmp);
    seconds.get(seconds.len() / 2).copied().ok_or_else(|| "nothing was measured".into())
}
