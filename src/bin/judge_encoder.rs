//! How well an encoder re-identifies: Rank-1 and mAP over random splits of a folder, beside those of raw
//! pixels and of the same encoder before its training.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use burn::tensor::Device;
use lexopt::{Arg, Parser, ValueExt};
use reid_web::encoder::VitConfig;
use reid_web::workshop::train::{
    Embedded, Folder, Images, SizedImages, embed_all, evaluate_splits, initialise, raw_pixels, read_tower,
};

const HELP: &str = "\
Judges an encoder on identities that it was not trained on.

judge_encoder --model FOLDER --images FOLDER [--splits 10] [--seed 1]

  --model FOLDER    model.safetensors and config.json, as train_encoder writes them
  --images FOLDER   one sub-folder with two images or more for each identity
  --splits N        random choices of one gallery image for each identity; the others are queries
  --seed S          decides the splits and the weights of the untrained encoder
";

type Outcome<T> = Result<T, Box<dyn Error>>;

/// What the command line asks for.
struct Task {
    model: PathBuf,
    images: PathBuf,
    splits: u32,
    seed: u64,
}

fn main() -> ExitCode {
    if std::env::args().len() < 2 || std::env::args().any(|argument| argument == "--help" || argument == "-h")
    {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    match parse(Parser::from_env()).and_then(|task| judge(&task)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("judge_encoder: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse(mut parser: Parser) -> Outcome<Task> {
    let (mut model, mut images, mut splits, mut seed) = (None, None, 10, 1);
    while let Some(argument) = parser.next()? {
        match argument {
            Arg::Long("model") => model = Some(parser.value()?.into()),
            Arg::Long("images") => images = Some(parser.value()?.into()),
            Arg::Long("splits") => splits = parser.value()?.parse()?,
            Arg::Long("seed") => seed = parser.value()?.parse()?,
            other => return Err(other.unexpected().into()),
        }
    }
    let missing = |name| format!("--{name} FOLDER is missing");
    Ok(Task { model: model.ok_or(missing("model"))?, images: images.ok_or(missing("images"))?, splits, seed })
}

fn judge(task: &Task) -> Outcome<()> {
    let config = read_config(&task.model.join("config.json"))?;
    let device = Device::default();
    let images = SizedImages::new(Arc::new(Folder::open(&task.images)?), config.image_size[0] as u32, true);
    println!("{} identities, {} splits, seed {}", images.identities(), task.splits, task.seed);
    let tower = read_tower(&task.model.join("model.safetensors"), &config, &device)?;
    let embedded = |tower| embed_all(&tower, &images, 0..images.identities(), u32::MAX);
    report("encoder", &embedded(tower)?, task)?;
    report("untrained encoder", &embedded(initialise(&config, task.seed, &device))?, task)?;
    report("raw pixels", &raw_pixels(&images)?, task)
}

fn read_config(path: &Path) -> Outcome<VitConfig> {
    let json = std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(VitConfig::from_json(&json)?)
}

fn report(name: &str, embedded: &Embedded, task: &Task) -> Outcome<()> {
    let found = evaluate_splits(embedded, task.splits, task.seed)?;
    println!(
        "{name:18} Rank-1 {:.4} ± {:.4}   mAP {:.4} ± {:.4}   ({} queries, {} in the gallery)",
        found.rank_1.mean,
        found.rank_1.standard_deviation,
        found.mean_average_precision.mean,
        found.mean_average_precision.standard_deviation,
        found.queries,
        found.gallery
    );
    Ok(())
}
