//! The command line.

use std::error::Error;
use std::path::PathBuf;
use std::str::FromStr;

use lexopt::ValueExt;
use reid_web::encoder::VitConfig;
use reid_web::workshop::train::{Augmentation, Plan, Recipe, Trainer, state_folder};

pub const HELP: &str = "\
Trains a small CLIP image encoder with a contrastive loss over identities.

train_encoder --images FOLDER --out FOLDER [options]

  --images FOLDER            one sub-folder with images for each identity
  --out FOLDER               gets model.safetensors (F16), config.json, preprocessor_config.json,
                             journal.jsonl and state/
  --annotations FILE         what else is known of the images, as draw_hands writes it: learned as well
  --resume                   continue the training in --out; other options then change its settings
  --cache                    keep the resized images in memory
  --threads 1                threads that draw images

Encoder
  --image-size 128  --patch-size 16  --width 192  --layers 6  --heads 3  --mlp-width 768  --embed-dim 128

Training
  --steps 5000  --warm-up 500  --learning-rate 1e-3  --last-learning-rate 1e-5
  --weight-decay 0.05  --max-gradient-norm 1  --beta-2 0.98
  --temperature 0.07  --fixed-temperature
  --trait-weight 1  --landmark-weight 10  --heat-weight 5   what errors in the annotations count
  --identities 24            in a batch
  --images-per-identity 4    in a batch
  --held-out 100             identities, the last ones, that are validated on
  --seed 1

Changes of the images, 0 for none
  --shift 0.08  --zoom 0.12  --rotation 8  --brightness 0.25  --contrast 0.25  --erase 0.3
  --flip                     mirror half of them; not for left and right hands

Journal
  --log-every 20  --validate-every 500  --validation-images 4";

/// What the command line asks for.
pub enum Command {
    /// The list of the options.
    Help,
    /// A training.
    Train(Box<Options>),
}

/// A training.
pub struct Options {
    pub recipe: Recipe,
    pub plan: Plan,
    pub images: PathBuf,
    pub annotations: Option<PathBuf>,
    pub cache: bool,
    pub resume: bool,
}

type Outcome<T> = Result<T, Box<dyn Error>>;

/// Options without a value.
const FLAGS: [&str; 5] = ["resume", "cache", "fixed-temperature", "flip", "help"];

/// Reads the command line. A continued training begins with its saved settings.
pub fn parse(parser: lexopt::Parser) -> Outcome<Command> {
    let given = given(parser)?;
    let value = |wanted: &str| given.iter().rfind(|(name, _)| name == wanted).map(|(_, value)| value);
    let path = |name: &str| value(name).map(PathBuf::from).ok_or(format!("--{name} FOLDER is missing"));
    if value("help").is_some() {
        return Ok(Command::Help);
    }
    let plan =
        Plan { folder: path("out")?, threads: 1, log_every: 20, validate_every: 500, validation_images: 4 };
    let resume = value("resume").is_some();
    let recipe = match resume {
        true => Trainer::saved_recipe(&state_folder(&plan.folder))?,
        false => Recipe::default(),
    };
    let cache = value("cache").is_some();
    let annotations = value("annotations").map(PathBuf::from);
    let mut options = Options { recipe, plan, images: path("images")?, annotations, cache, resume };
    for (name, value) in &given {
        if !options.set(name, value)? {
            return Err(format!("there is no option --{name}; --help lists them").into());
        }
    }
    Ok(Command::Train(Box::new(options)))
}

/// The options as they stand, with an empty value for flags.
fn given(mut parser: lexopt::Parser) -> Outcome<Vec<(String, String)>> {
    let mut given = Vec::new();
    while let Some(argument) = parser.next()? {
        let name = match argument {
            lexopt::Arg::Long(name) => name.to_owned(),
            lexopt::Arg::Short('h') => "help".to_owned(),
            other => return Err(other.unexpected().into()),
        };
        let is_flag = FLAGS.contains(&name.as_str());
        let value = if is_flag { String::new() } else { parser.value()?.string()? };
        given.push((name, value));
    }
    Ok(given)
}

impl Options {
    /// Takes over an option; false if there is none of that name.
    fn set(&mut self, name: &str, value: &str) -> Outcome<bool> {
        Ok(matches!(name, "images" | "annotations" | "out" | "resume" | "cache")
            || set_model(&mut self.recipe.model, name, value)?
            || set_training(&mut self.recipe, name, value)?
            || set_augmentation(&mut self.recipe.augmentation, name, value)?
            || set_plan(&mut self.plan, name, value)?)
    }
}

fn set_model(model: &mut VitConfig, name: &str, value: &str) -> Outcome<bool> {
    let size = match name {
        "image-size" => {
            model.image_size = [number(name, value)?; 2];
            model.trained_size = model.image_size;
            return Ok(true);
        }
        "patch-size" => &mut model.patch_size,
        "width" => &mut model.width,
        "layers" => &mut model.layers,
        "heads" => &mut model.heads,
        "mlp-width" => &mut model.mlp_width,
        "embed-dim" => &mut model.embed_dim,
        _ => return Ok(false),
    };
    *size = number(name, value)?;
    Ok(true)
}

fn set_training(recipe: &mut Recipe, name: &str, value: &str) -> Outcome<bool> {
    match name {
        "steps" => recipe.schedule.steps = number(name, value)?,
        "warm-up" => recipe.schedule.warm_up = number(name, value)?,
        "learning-rate" => recipe.schedule.peak = number(name, value)?,
        "last-learning-rate" => recipe.schedule.last = number(name, value)?,
        "weight-decay" => recipe.optimizer.weight_decay = number(name, value)?,
        "max-gradient-norm" => recipe.optimizer.max_gradient_norm = number(name, value)?,
        "beta-2" => recipe.optimizer.beta_2 = number(name, value)?,
        "temperature" => recipe.temperature.start = number(name, value)?,
        "trait-weight" => recipe.weights.traits = number(name, value)?,
        "landmark-weight" => recipe.weights.landmarks = number(name, value)?,
        "heat-weight" => recipe.weights.heat = number(name, value)?,
        "fixed-temperature" => recipe.temperature.is_learned = false,
        "identities" => recipe.identities_per_batch = number(name, value)?,
        "images-per-identity" => recipe.images_per_identity = number(name, value)?,
        "held-out" => recipe.held_out = number(name, value)?,
        "seed" => recipe.seed = number(name, value)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn set_augmentation(augmentation: &mut Augmentation, name: &str, value: &str) -> Outcome<bool> {
    let strength = match name {
        "shift" => &mut augmentation.shift,
        "zoom" => &mut augmentation.zoom,
        "rotation" => &mut augmentation.rotation,
        "brightness" => &mut augmentation.brightness,
        "contrast" => &mut augmentation.contrast,
        "erase" => &mut augmentation.erase,
        "flip" => {
            augmentation.flip = true;
            return Ok(true);
        }
        _ => return Ok(false),
    };
    *strength = number(name, value)?;
    Ok(true)
}

fn set_plan(plan: &mut Plan, name: &str, value: &str) -> Outcome<bool> {
    match name {
        "threads" => plan.threads = number(name, value)?,
        "log-every" => plan.log_every = number(name, value)?,
        "validate-every" => plan.validate_every = number(name, value)?,
        "validation-images" => plan.validation_images = number(name, value)?,
        _ => return Ok(false),
    }
    Ok(true)
}

fn number<T: FromStr>(name: &str, value: &str) -> Outcome<T> {
    value.parse().map_err(|_| format!("--{name} is {value}, expected a number").into())
}
