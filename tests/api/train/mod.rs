//! Training tiny towers: what they learn, what is written, and going on after a stop.

mod gradients;
mod waves;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::encoder::clip::ready;
use crate::train::waves::{Waves, tiny_model};
use burn::tensor::{Device, Tensor, TensorData};
use reid_web::encoder::{TowerBuilder, TowerPlan, VitConfig};
use reid_web::weights::Header;
use reid_web::workshop::train::{
    Annotations, Augmentation, BatchSource, Images, Learner, Loader, LossWeights, OptimizerConfig, Plan,
    Random, Recipe, Schedule, SizedImages, Temperature, Trainer, heat_error, initialise, landmark_error, run,
    state_folder, validate, write_checkpoint,
};

fn recipe(steps: u64) -> Recipe {
    Recipe {
        model: tiny_model(),
        seed: 5,
        identities_per_batch: 6,
        images_per_identity: 3,
        schedule: Schedule { peak: 2e-3, last: 1e-4, warm_up: 5, steps },
        optimizer: OptimizerConfig { weight_decay: 0.05, max_gradient_norm: 1.0, beta_2: 0.98 },
        temperature: Temperature { start: 0.1, is_learned: true },
        weights: LossWeights { traits: 2.0, landmarks: 2.0, heat: 2.0 },
        landmarks: 0,
        augmentation: Augmentation { shift: 0.05, ..Augmentation::none() },
        held_out: 20,
    }
}

fn images() -> Arc<SizedImages> {
    Arc::new(SizedImages::new(Arc::new(Waves { identities: 60, images: 4 }), 24, true))
}

/// With as many landmarks as the recipe asks for, all in the same place, and the colour of each wave as traits.
fn source(recipe: &Recipe, images: &Arc<SizedImages>) -> BatchSource {
    let sampler = recipe.sampler(&**images);
    let colour = |identity| {
        let mut who = Random::new(&[1, identity]); // as waves.rs does
        vec![who.unit(), who.unit(), who.unit()]
    };
    let landmarks = vec![vec![vec![[0.5, 0.25]; recipe.landmarks]; 4]; 60];
    let annotations = (recipe.landmarks > 0)
        .then(|| Arc::new(Annotations::new((0..60).map(colour).collect(), landmarks).unwrap()));
    BatchSource { images: images.clone(), sampler, augmentation: recipe.augmentation, annotations }
}

/// Losses of the steps up to `until`.
fn train(trainer: &mut Trainer, until: u64, threads: usize) -> Vec<f32> {
    let source = source(trainer.recipe(), &images());
    let mut loader = Loader::start(&source, trainer.step()..until, threads);
    let steps = trainer.step()..until;
    steps.map(|_| trainer.learn(&loader.next_batch().unwrap()).unwrap().loss).collect()
}

/// An empty folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("reid-web-train-{}-{name}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn the_loss_falls_and_unseen_identities_are_told_apart() {
    const STEPS: u64 = 160;
    let mut trainer = Trainer::new(recipe(STEPS));
    let images = images();
    let held_out = trainer.recipe().held_out_identities(&*images);
    let before = validate(&trainer.tower().unwrap(), &images, held_out.clone(), 4).unwrap();
    let losses = train(&mut trainer, STEPS, 2);
    let after = validate(&trainer.tower().unwrap(), &images, held_out, 4).unwrap();
    let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
    println!("loss {} to {}, {before:?}, {after:?}", mean(&losses[..5]), mean(&losses[STEPS as usize - 5..]));
    assert!(mean(&losses[STEPS as usize - 5..]) < 0.75 * mean(&losses[..5]));
    assert_eq!((after.queries, after.gallery), (60, 20));
    assert!(after.rank_1 > 0.35 && after.rank_1 > before.rank_1 + 0.15, "chance is 0.05");
    assert!(after.mean_average_precision >= after.rank_1);
}

#[test]
fn what_is_known_of_the_images_is_learned_as_well() {
    const STEPS: u64 = 80;
    let weights = LossWeights { traits: 50.0, landmarks: 0.0, heat: 0.0 };
    let mut trainer = Trainer::new(Recipe { weights, landmarks: 1, ..recipe(STEPS) });
    let losses = train(&mut trainer, STEPS, 2);
    let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
    let (first, last) = (mean(&losses[..5]), mean(&losses[STEPS as usize - 5..]));
    assert!(first > 40.0, "a mean squared error of 1 counts 50: {first}");
    assert!(last < 0.6 * first, "{first} {last}");
}

#[test]
fn landmarks_are_found_in_the_right_patch() {
    let device = Device::flex();
    let near = |landmarks: [f32; 4]| {
        // Two landmarks, 2 × 2 patches: the first is said to be in the upper right one, the second in none.
        let logits = [[-9.0, -9.0], [9.0, -9.0], [-9.0, -9.0], [-9.0, -9.0]];
        heat_error(Tensor::from_data([logits], &device), Tensor::from_data([landmarks], &device))
    };
    let number = |tensor: Tensor<1>| tensor.into_scalar::<f32>();
    let right = number(near([0.75, 0.25, 9.0, 9.0]));
    // Its neighbours are a little near it: exp(-1 / 2·0.7²) = 0.36 of a logit of -9, the far one 0.13.
    let (neighbour, far) = ((-0.5f32 / 0.49).exp(), (-1.0f32 / 0.49).exp());
    assert!((right - 9.0 * (2.0 * neighbour + far) / 8.0).abs() < 1e-3, "{right}");
    assert!(number(near([0.25, 0.25, 9.0, 9.0])) > right + 0.5);

    let positions = Tensor::<2>::from_data([[1.0, -1.0]], &device);
    assert_eq!(number(landmark_error(positions.clone(), Tensor::from_data([[0.75, 0.25]], &device))), 0.0);
    assert_eq!(number(landmark_error(positions, Tensor::from_data([[0.75, 0.75]], &device))), 2.0);
}

#[test]
fn the_same_seed_gives_the_same_training_for_any_number_of_threads() {
    let losses =
        |seed: u64, threads: usize| train(&mut Trainer::new(Recipe { seed, ..recipe(6) }), 6, threads);
    assert_eq!(losses(5, 1), losses(5, 3));
    assert_ne!(losses(5, 1), losses(6, 1));
}

#[test]
fn a_continued_training_is_the_one_without_a_stop() {
    let folder = folder("continued");
    let mut whole = Trainer::new(Recipe { landmarks: 2, ..recipe(10) });
    let mut expected = train(&mut whole, 5, 1);
    whole.save(&folder).unwrap();
    expected.extend(train(&mut whole, 10, 1));

    let mut continued = Trainer::resume(&folder, Trainer::saved_recipe(&folder).unwrap()).unwrap();
    assert_eq!((continued.step(), continued.recipe()), (5, whole.recipe()));
    assert_eq!(train(&mut continued, 10, 2), expected[5..]);
    assert_eq!(continued.temperature().unwrap(), whole.temperature().unwrap());
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn the_state_of_another_encoder_is_refused() {
    let folder = folder("another");
    Trainer::new(recipe(10)).save(&folder).unwrap();
    let wider = Recipe { model: VitConfig { width: 40, ..tiny_model() }, ..recipe(10) };
    let message = Trainer::resume(&folder, wider).err().unwrap().to_string();
    assert!(message.contains("[32, 3, 8, 8]") && message.contains("[40, 3, 8, 8]"), "{message}");
    let message = Trainer::saved_recipe(&folder.join("nothing")).err().unwrap().to_string();
    assert!(message.contains("state.json"), "{message}");
    fs::remove_dir_all(folder).unwrap();
}

fn read(folder: &Path, name: &str) -> Vec<u8> {
    fs::read(folder.join(name)).unwrap()
}

#[test]
fn a_checkpoint_loads_as_any_other_and_gives_the_same_embeddings() {
    let folder = folder("checkpoint");
    let tower = initialise(&tiny_model(), 9, &Device::flex());
    write_checkpoint(&folder, &tower, &tiny_model()).unwrap();
    let config = String::from_utf8(read(&folder, "config.json")).unwrap();
    let config = VitConfig::from_json(&config).unwrap();
    assert_eq!(config, tiny_model());
    let weights = read(&folder, "model.safetensors");
    let header = Header::parse(&weights, weights.len() as u64).unwrap();
    let plan = TowerPlan::with_config(&header, config).unwrap();
    let mut builder = TowerBuilder::new(plan.clone(), Device::flex());
    for tensor in plan.tensors() {
        assert_eq!(tensor.dtype, "F16");
        let bytes = &weights[tensor.bytes.start as usize..tensor.bytes.end as usize];
        builder.insert(&tensor.name, &tensor.dtype, bytes).unwrap();
    }
    let encoder = builder.finish().unwrap();

    let images = images();
    let pixels = images.preprocessor().preprocess(&images.image(3, 1).unwrap());
    let found = ready(encoder.embed(pixels.clone()));
    let pixels = Tensor::from_data(TensorData::new(pixels, [1, 3, 24, 24]), &tower.device());
    let expected = tower.forward(pixels).into_data().try_into_vec::<f32>().unwrap();
    for (found, expected) in found.unwrap().iter().zip(&expected) {
        assert!((found - expected).abs() < 2e-3, "{found} {expected}");
    }
    let preprocessor = String::from_utf8(read(&folder, "preprocessor_config.json")).unwrap();
    let preprocessor = reid_web::image::Preprocessor::from_json(&preprocessor, [24, 24]).unwrap();
    assert_eq!(
        preprocessor.description(),
        "shortest side to 24 (bicubic), centre crop 24 × 24, CLIP's mean and std"
    );
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_run_writes_its_journal_its_checkpoint_and_its_state() {
    let folder = folder("run");
    let plan =
        Plan { folder: folder.clone(), threads: 1, log_every: 2, validate_every: 4, validation_images: 3 };
    let mut trainer = Trainer::new(recipe(5));
    run(&mut trainer, images(), None, &plan, |_| ()).unwrap();
    let journal = String::from_utf8(read(&folder, "journal.jsonl")).unwrap();
    let entries: Vec<serde_json::Value> =
        journal.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<_> = entries.iter().map(|entry| (&entry["kind"], &entry["step"])).collect();
    let expected = [("steps", 2), ("steps", 4), ("validation", 4), ("steps", 5), ("validation", 5)];
    assert_eq!(kinds.len(), expected.len(), "{journal}");
    for ((kind, step), expected) in kinds.into_iter().zip(expected) {
        assert_eq!((kind.as_str().unwrap(), step.as_u64().unwrap()), expected);
    }
    assert!(folder.join("model.safetensors").exists());
    assert_eq!(Trainer::saved_recipe(&state_folder(&folder)).unwrap(), recipe(5));
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn too_few_identities_are_refused_before_the_training() {
    let few = Waves { identities: 25, images: 4 };
    let message = recipe(5).check(&few).unwrap_err().to_string();
    assert!(message.contains("25 identities") && message.contains("leave 5"), "{message}");
}

#[test]
fn a_learner_that_keeps_its_temperature_has_no_gradient_for_it() {
    let device = Device::flex().autodiff();
    let fixed = Temperature { start: 0.1, is_learned: false };
    let learner = Learner::new(&Recipe { temperature: fixed, ..recipe(1) }, &device);
    assert!(!learner.logit_scale.val().is_require_grad());
    let learned = Temperature { is_learned: true, ..fixed };
    let learner = Learner::new(&Recipe { temperature: learned, ..recipe(1) }, &device);
    assert!(learner.logit_scale.val().is_require_grad());
}
