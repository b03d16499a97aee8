//! Trains a small image encoder on a folder with one sub-folder for each identity.
//!
//! `train_encoder --help` lists the options.

mod options;

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use options::{Command, Options};
use reid_web::workshop::train::{
    Annotations, Folder, Images, Recipe, SizedImages, Trainer, run, state_folder,
};

fn main() -> ExitCode {
    let outcome = options::parse(lexopt::Parser::from_env()).and_then(|command| match command {
        Command::Help => {
            println!("{}", options::HELP);
            Ok(())
        }
        Command::Train(options) => train(*options),
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("train_encoder: {error}");
            ExitCode::FAILURE
        }
    }
}

fn train(options: Options) -> Result<(), Box<dyn Error>> {
    let Options { mut recipe, plan, images, annotations, cache, resume } = options;
    let source = Arc::new(Folder::open(&images)?);
    let annotations = annotations.map(|path| Annotations::read(&path, &source)).transpose()?.map(Arc::new);
    if !resume {
        recipe.landmarks = annotations.as_ref().map_or(0, |annotations| annotations.landmark_count());
    }
    let images = Arc::new(SizedImages::new(source, recipe.model.image_size[0] as u32, cache));
    recipe.check(&*images)?;
    println!("{}", summary(&recipe, &*images));
    let mut trainer = match resume {
        true => Trainer::resume(&state_folder(&plan.folder), recipe)?,
        false => Trainer::new(recipe),
    };
    run(&mut trainer, images, annotations, &plan, |line| println!("{line}"))?;
    Ok(())
}

/// What is trained on what, in one line.
fn summary(recipe: &Recipe, images: &dyn Images) -> String {
    let weights = recipe.model.parameters();
    format!(
        "{weights} weights ({:.1} MB), {} identities, {} held out, batches of {}",
        weights as f64 * 2e-6,
        recipe.training_identities(images).len(),
        recipe.held_out,
        recipe.batch_size()
    )
}
