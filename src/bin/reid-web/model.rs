//! A model's folder → an encoder and what makes its input.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use burn::tensor::Device;
use reid_web::clip::{Arithmetic, ImageEncoder, TowerBuilder, TowerPlan};
#[cfg(feature = "gpu")]
use reid_web::clip::{known_images, webgpu_device};
use reid_web::image::Preprocessor;
use reid_web::weights::HeaderReader;
use serde_json::{Value, json};

use super::eight_bits::EightBits;
use super::options::ImageOptions;
use super::{Outcome, fingerprint};

const WEIGHTS: [&str; 4] = ["safetensors", "pt", "pth", "bin"];
const CONFIGS: [&str; 2] = ["config.json", "open_clip_config.json"];
const PREPROCESSOR: &str = "preprocessor_config.json";

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
}

/// Loads the model of a folder or a weight file; its configuration lies beside it.
pub fn load(options: &ImageOptions) -> Outcome<Model> {
    let path = weight_file(&options.model)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = File::open(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let config = CONFIGS.iter().find_map(|name| fs::read_to_string(folder.join(name)).ok());
    let plan = plan(&mut file, config.as_deref(), options.choices.as_deref())
        .map_err(|error| format!("{}: {error}", path.display()))?;
    let exact_plan = plan.clone().with_arithmetic(Arithmetic::F32);
    // On a GPU the choice has no effect.
    let plan = if options.webgpu { exact_plan.clone() } else { plan };
    let json = fs::read_to_string(folder.join(PREPROCESSOR)).unwrap_or_else(|_| plan.preprocessor().into());
    let sides = |pair: [usize; 2]| pair.map(|side| side as u32);
    let preprocessor = Preprocessor::from_json(&json, sides(plan.config().trained_size()))?
        .for_size(sides(plan.config().image_size()));
    let assumptions = plan.assumptions().to_vec();
    let layout = plan.layout().name();
    let is_exact = plan.arithmetic() == Arithmetic::F32;
    let encoder = match options.webgpu {
        false => read(plan, &mut file, Device::flex())?,
        true => on_gpu(plan, &mut file)?,
    };
    let eight_bits = if is_exact { None } else { Some(EightBits::load(exact_plan, &mut file)?) };
    drop(file);
    let name = fs::canonicalize(folder)?.file_name().unwrap_or_default().to_string_lossy().into_owned();
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
        "sha256": fingerprint::of_file(&path)?,
    });
    let device = if options.webgpu { "webgpu" } else { "cpu" };
    Ok(Model { encoder, preprocessor, device, info, eight_bits })
}

/// The one weight file of a folder, or the file itself.
fn weight_file(folder: &Path) -> Outcome<PathBuf> {
    if folder.is_file() {
        return Ok(folder.to_owned());
    }
    let is_weights = |path: &Path| {
        path.extension().is_some_and(|ending| WEIGHTS.iter().any(|one| ending.eq_ignore_ascii_case(one)))
    };
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut found: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_weights(path)).collect();
    found.sort();
    match found.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(format!("{}: no weight file (.safetensors, .pt, .pth or .bin)", folder.display()).into()),
        many => Err(format!("{}: {} weight files; name one of them", folder.display(), many.len()).into()),
    }
}

fn plan(file: &mut File, config: Option<&str>, choices: Option<&str>) -> Outcome<TowerPlan> {
    let mut reader = HeaderReader::new(file.metadata()?.len());
    while let Some(range) = reader.next() {
        reader.give(&bytes(file, range)?)?;
    }
    Ok(TowerPlan::new(reader.finish()?, config, choices)?)
}

pub(super) fn read(plan: TowerPlan, file: &mut File, device: Device) -> Outcome<ImageEncoder> {
    let tensors = plan.tensors().to_vec();
    let mut builder = TowerBuilder::new(plan, device);
    for tensor in tensors {
        builder.insert(&tensor.name, &tensor.dtype, &bytes(file, tensor.bytes)?)?;
    }
    Ok(builder.finish()?)
}

fn bytes(file: &mut File, range: Range<u64>) -> Outcome<Vec<u8>> {
    let mut bytes = vec![0; usize::try_from(range.end - range.start)?];
    file.seek(SeekFrom::Start(range.start))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Checked against the CPU, with the kernel that is the fastest there.
#[cfg(feature = "gpu")]
fn on_gpu(plan: TowerPlan, file: &mut File) -> Outcome<ImageEncoder> {
    let images = known_images(plan.config().image_size());
    let trusted = pollster::block_on(read(plan.clone(), file, Device::flex())?.embed(images))?;
    let mut encoder = read(plan, file, pollster::block_on(webgpu_device())?)?;
    super::kernel::choose_fastest(&mut encoder, &trusted)?;
    Ok(encoder)
}

#[cfg(not(feature = "gpu"))]
fn on_gpu(_: TowerPlan, _: &mut File) -> Outcome<ImageEncoder> {
    Err("this program was built without WebGPU: cargo build --release --features cli,gpu".into())
}
