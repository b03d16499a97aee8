//! A model's folder → an encoder and what makes its input.

pub mod eight_bits;
#[cfg(feature = "gpu")]
mod kernel;
pub mod weight_files;

use std::fs;

use burn::tensor::Device;
use reid_web::Error;
use reid_web::encoder::{Arithmetic, Assumption, ConfigFile, ImageEncoder, TowerBuilder, TowerPlan};
#[cfg(feature = "gpu")]
use reid_web::encoder::{known_images, webgpu_device};
use reid_web::image::Preprocessor;
use serde_json::{Value, json};

use crate::Outcome;
use crate::model::eight_bits::EightBits;
use crate::options::ImageOptions;
use crate::output::console::note;
use crate::output::files::named;
use crate::output::fingerprint;
use weight_files::{Text, Weights};

/// What embeds images.
pub struct Model {
    pub encoder: ImageEncoder,
    pub preprocessor: Preprocessor,
    /// "cpu" or "webgpu".
    pub device: &'static str,
    /// What a report says of it; changes when the weights or a choice do.
    pub info: Value,
    /// Beside an encoder of 8-bit weights.
    pub eight_bits: Option<EightBits>,
    /// It computes in F32 because 8-bit weights were tried and do not do.
    pub fell_back: bool,
}

/// Loads the model of a folder or a weight file; its configuration lies beside it.
pub fn load(options: &ImageOptions) -> Outcome<Model> {
    let paths = weight_files::parts(&options.model)?;
    let path = paths.first().ok_or("the model has no weights")?;
    let folder = weight_files::folder_of(path);
    let mut weights = Weights::open(&paths)?;
    let config = weight_files::config(path)?;
    let file = config.as_ref().map(|config| ConfigFile { name: &config.name, text: &config.text });
    let plan = TowerPlan::new(&weights.header, file, options.choices.as_deref());
    let plan = plan.map_err(|error| of_weights(error, &weights.name))?;
    let pixels = weight_files::preprocessor(path)?;
    let plan = match &pixels {
        Some(pixels) => plan.with_own_pixels(&pixels.name)?,
        None => plan,
    };
    let preprocessor = preprocessor(&plan, pixels.as_ref())?;
    let exact_plan = plan.clone().with_arithmetic(Arithmetic::F32);
    let is_exact = plan.arithmetic() == Arithmetic::F32;
    if options.webgpu && !is_exact {
        return Err(
            "arithmetic = i8 was chosen, but --device webgpu computes with floating-point numbers".into()
        );
    }
    say_assumed(&plan, options.choices.as_deref(), &weights.name);
    let assumptions = plan.assumptions().to_vec();
    let layout = plan.naming().name();
    let encoder = match options.webgpu {
        false => read(plan, &mut weights, Device::flex())?,
        true => on_gpu(plan, &mut weights)?,
    };
    let eight_bits = if is_exact { None } else { Some(EightBits::load(exact_plan, &mut weights)?) };
    drop(weights);
    let real = fs::canonicalize(folder).map_err(named(folder))?;
    let name = real.file_name().unwrap_or_default().to_string_lossy();
    let info = json!({
        "name": name,
        "architecture": encoder.config().description(),
        "parameters": encoder.config().parameters(),
        "features": encoder.config().embed_dim(),
        "precision": encoder.precision(),
        "imageSize": encoder.config().image_size(),
        "preprocessing": preprocessor.description(),
        "layout": layout,
        "assumptions": assumptions,
        "sha256": fingerprint::of_parts(&paths)?,
    });
    let device = if options.webgpu { "webgpu" } else { "cpu" };
    Ok(Model { encoder, preprocessor, device, info, eight_bits, fell_back: false })
}

/// Settings of the program's own, which are no guesses about a model.
const OWN: [&str; 3] = ["arithmetic", "augmentation", "image_size"];

/// Says what no file tells and nobody chose: figures depend on it.
fn say_assumed(plan: &TowerPlan, choices: Option<&str>, weights: &str) {
    let chosen: Value = choices.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default();
    let is_assumed = |field: &str| !OWN.contains(&field) && chosen.get(field).is_none_or(Value::is_null);
    let assumed = plan.assumptions().iter().filter(|assumption| is_assumed(assumption.field));
    let assumed = Vec::from_iter(assumed.map(|Assumption { field, value, .. }| format!("{field} = {value}")));
    if !assumed.is_empty() {
        note(format_args!(
            "{weights}: assumed, because no file says so: {}; --choices corrects it",
            assumed.join(", ")
        ));
    }
}

/// That of the model, or the one that was concluded.
fn preprocessor(plan: &TowerPlan, text: Option<&Text>) -> Outcome<Preprocessor> {
    let sides = |pair: [usize; 2]| pair.map(|side| side as u32);
    let json = text.map_or(plan.preprocessor(), |text| &text.text);
    let preprocessor = Preprocessor::from_json(json, sides(plan.config().trained_size()));
    let preprocessor = preprocessor.map_err(|error| match text {
        Some(text) => error.in_file(&text.name),
        None => error,
    })?;
    Ok(preprocessor.for_size(sides(plan.config().image_size())))
}

/// An error about weights with their file's name; others name theirs already.
fn of_weights(error: Error, file: &str) -> Error {
    match error {
        Error::Checkpoint(_) => error.in_file(file),
        other => other,
    }
}

pub(super) fn read(plan: TowerPlan, weights: &mut Weights, device: Device) -> Outcome<ImageEncoder> {
    let tensors = plan.tensors().to_vec();
    let mut builder = TowerBuilder::new(plan, device);
    for tensor in tensors {
        let bytes = weights.bytes(tensor.bytes)?;
        let inserted = builder.insert(&tensor.name, &tensor.dtype, &bytes);
        inserted.map_err(|error| of_weights(error, &weights.name))?;
    }
    Ok(builder.finish().map_err(|error| of_weights(error, &weights.name))?)
}

/// Checked against the CPU, with the kernel that is the fastest there.
#[cfg(feature = "gpu")]
fn on_gpu(plan: TowerPlan, weights: &mut Weights) -> Outcome<ImageEncoder> {
    let images = known_images(plan.config().image_size());
    let trusted = pollster::block_on(read(plan.clone(), weights, Device::flex())?.embed_as_a_check(images))?;
    let mut encoder = read(plan, weights, pollster::block_on(webgpu_device())?)?;
    kernel::choose_fastest(&mut encoder, &trusted)?;
    Ok(encoder)
}

#[cfg(not(feature = "gpu"))]
fn on_gpu(_: TowerPlan, _: &mut Weights) -> Outcome<ImageEncoder> {
    Err("this program was built without WebGPU: cargo build --release --features cli,gpu".into())
}
