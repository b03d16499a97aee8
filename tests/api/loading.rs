//! Encoders whose tensors come in one by one: in any order, in half precision, without a second copy.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use burn::tensor::Device;
use half::f16;
use reid_web::Result;
use reid_web::clip::{ImageEncoder, Layout, TowerBuilder, TowerPlan, VisionConfig};

#[cfg(not(target_arch = "wasm32"))]
use reid_web::clip::Source;
#[cfg(not(target_arch = "wasm32"))]
use reid_web::weights::{Header, TensorInfo};

use crate::clip::ready;
use crate::random::Random;
use crate::towers::{LAYOUTS, TOWERS, Tower, largest_difference};

/// Largest absolute difference between the embeddings of a GPU and of the CPU.
const TOLERANCE: f32 = 1e-4;

/// How weights are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stored {
    F32,
    F16,
}

/// The weights of a tower under their names in the file, to be changed.
struct Weights {
    plan: TowerPlan,
    tensors: Vec<(String, Vec<f32>)>,
}

impl Weights {
    /// Rounded to F16.
    fn of(tower: &Tower) -> Self {
        let plan = tower.plan(None).unwrap();
        let mut tensors = tower.weights(&plan);
        let numbers = tensors.iter_mut().flat_map(|(_, numbers)| numbers);
        numbers.for_each(|number| *number = f16::from_f32(*number).to_f32());
        Self { plan, tensors }
    }

    fn get(&mut self, end: &str) -> &mut Vec<f32> {
        let found = self.tensors.iter_mut().find(|(name, _)| name.ends_with(end));
        &mut found.unwrap().1
    }

    fn load(&self, device: &Device, stored: Stored) -> ImageEncoder {
        self.feed(TowerBuilder::new(self.plan.clone(), device.clone()), stored).unwrap()
    }

    fn feed(&self, mut builder: TowerBuilder, stored: Stored) -> Result<ImageEncoder> {
        for (name, numbers) in &self.tensors {
            let (dtype, bytes) = match stored {
                Stored::F32 => ("F32", bytes(numbers, |number| number.to_le_bytes())),
                Stored::F16 => ("F16", bytes(numbers, |number| f16::from_f32(number).to_le_bytes())),
            };
            builder.insert(name, dtype, &bytes)?;
        }
        builder.finish()
    }

    /// How many are those of linear layers.
    fn linear(&self) -> usize {
        let VisionConfig { width, mlp_width, layers, embed_dim, patch_size, .. } = *self.plan.config();
        let block = 4 * width * width + 2 * width * mlp_width;
        layers * block + width * 3 * patch_size * patch_size + embed_dim * width
    }
}

fn bytes<const N: usize>(numbers: &[f32], bytes: impl Fn(f32) -> [u8; N]) -> Vec<u8> {
    numbers.iter().flat_map(|number| bytes(*number)).collect()
}

#[test]
fn the_order_of_the_tensors_does_not_matter() {
    for tower in TOWERS.into_iter().chain(LAYOUTS) {
        let mut weights = Weights::of(&tower);
        let expected = ready(weights.load(&Device::flex(), Stored::F32).embed(tower.pixels())).unwrap();
        for seed in 0..5 {
            let order = Random::new(seed).permutation(weights.tensors.len());
            weights.tensors = order.into_iter().map(|at| weights.tensors[at].clone()).collect();
            let found = ready(weights.load(&Device::flex(), Stored::F32).embed(tower.pixels())).unwrap();
            assert_eq!(found, expected, "{}", tower.name);
        }
    }
}

#[test]
fn whichever_tensor_is_missing_in_the_end_is_named() {
    for tower in [TOWERS[0], LAYOUTS[0]] {
        let weights = Weights::of(&tower);
        for missing in 0..weights.tensors.len() {
            let mut tensors = weights.tensors.clone();
            let (name, _) = tensors.remove(missing);
            let weights = Weights { plan: weights.plan.clone(), tensors };
            let builder = TowerBuilder::new(weights.plan.clone(), Device::flex());
            let message = weights.feed(builder, Stored::F32).unwrap_err().to_string();
            assert!(message.contains(&format!("tensor {name} [")), "{message}");
            assert!(message.contains("was not handed in"), "{message}");
        }
    }
}

/// 12 layers of width 256, in the order in which transformers writes them.
#[cfg(not(target_arch = "wasm32"))]
fn wide_plan() -> TowerPlan {
    let config = VisionConfig::from_json(
        r#"{"hidden_size": 256, "intermediate_size": 1024, "num_attention_heads": 4}"#,
    );
    let config = config.unwrap();
    let mut sources = Layout::Transformers.sources(&config, "");
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    let mut end = 0;
    let tensors = sources.into_iter().map(|Source { name, shape, .. }| {
        let start = end;
        end += 4 * shape.iter().product::<usize>() as u64;
        TensorInfo { name, dtype: "F32".into(), shape, bytes: start..end }
    });
    let header = Header { tensors: tensors.collect(), unusable: Vec::new() };
    TowerPlan::with_config(header, config).unwrap()
}

#[cfg(not(target_arch = "wasm32"))]
#[test]
fn hardly_more_than_a_block_is_held_beside_the_encoder() {
    let plan = wide_plan();
    let zeros = vec![0; 4 * 256 * 3 * 32 * 32];
    let held = allocation_counter::measure(|| {
        let mut builder = TowerBuilder::new(plan.clone(), Device::flex());
        for TensorInfo { name, dtype, bytes: place, .. } in plan.tensors() {
            builder.insert(name, dtype, &zeros[..(place.end - place.start) as usize]).unwrap();
        }
        drop(builder.finish().unwrap());
    });
    let block = 4 * (12 * 256 * 256 + 13 * 256);
    let tower = 4 * plan.config().parameters() as u64;
    println!("{} bytes for {tower}, a block has {block}", held.bytes_max);
    assert!(held.bytes_max < tower + block, "{} bytes for {tower}", held.bytes_max);
}

#[test]
fn on_the_cpu_weights_become_f32() {
    let weights = Weights::of(&TOWERS[0]);
    for stored in [Stored::F16, Stored::F32] {
        let builder = TowerBuilder::with_half_weights(weights.plan.clone(), Device::flex());
        let encoder = weights.feed(builder, stored).unwrap();
        assert_eq!((encoder.precision(), encoder.bytes()), ("F32", 4 * encoder.config().parameters()));
    }
}

/// Of an encoder on a GPU, which can be opened once and therefore by one test.
pub async fn half_weights(device: &Device) {
    for tower in TOWERS.into_iter().chain(LAYOUTS) {
        let weights = Weights::of(&tower);
        stays_half_and_agrees(&weights, &tower, device).await;
        is_halved_on_request(&weights, device);
        agrees_with_outlier_channels(weights, &tower, device).await;
    }
    keeps_a_layer_that_f16_does_not_hold(device).await;
}

async fn stays_half_and_agrees(weights: &Weights, tower: &Tower, device: &Device) {
    let encoder = weights.load(device, Stored::F16);
    assert_eq!(encoder.precision(), "F16 weights, F32 arithmetic", "{}", tower.name);
    let halved = 2 * weights.linear();
    assert_eq!(encoder.bytes(), 4 * encoder.config().parameters() - halved, "{}", tower.name);
    agrees(&encoder, weights, tower).await;
}

async fn agrees(encoder: &ImageEncoder, weights: &Weights, tower: &Tower) {
    let found = encoder.embed(tower.pixels()).await.unwrap();
    let trusted = weights.load(&Device::flex(), Stored::F32).embed(tower.pixels()).await.unwrap();
    let difference = largest_difference(&found, &trusted);
    assert!(difference <= TOLERANCE, "{}: {difference}", tower.name);
}

fn is_halved_on_request(weights: &Weights, device: &Device) {
    assert_eq!(weights.load(device, Stored::F32).precision(), "F32");
    let builder = TowerBuilder::with_half_weights(weights.plan.clone(), device.clone());
    let halved = weights.feed(builder, Stored::F32).unwrap();
    assert_eq!(halved.precision(), "F16 weights, F32 arithmetic");
}

/// Trained encoders have a few channels that are hundreds of times larger than the others.
async fn agrees_with_outlier_channels(mut weights: Weights, tower: &Tower, device: &Device) {
    let width = weights.plan.config().width;
    let [norm, layer] = match weights.plan.layout() {
        Layout::Transformers => ["layers.0.layer_norm2", "layers.0.mlp.fc1"],
        Layout::OpenAi => ["resblocks.0.ln_2", "resblocks.0.mlp.c_fc"],
    };
    for channel in [1, width / 2, width - 1] {
        for part in ["weight", "bias"] {
            weights.get(&format!("{norm}.{part}"))[channel] *= 500.0;
        }
        for row in weights.get(&format!("{layer}.weight")).chunks_mut(width) {
            row[channel] = f16::from_f32(row[channel] / 500.0).to_f32();
        }
    }
    stays_half_and_agrees(&weights, tower, device).await;
}

async fn keeps_a_layer_that_f16_does_not_hold(device: &Device) {
    let tower = TOWERS[0];
    for unusual in [70_000.0, 1e-8] {
        let mut weights = Weights::of(&tower);
        let all = weights.linear();
        let layer = weights.get("layers.1.mlp.fc1.weight");
        layer.fill(unusual);
        let kept = layer.len();
        let builder = TowerBuilder::with_half_weights(weights.plan.clone(), device.clone());
        let encoder = weights.feed(builder, Stored::F32).unwrap();
        assert_eq!(encoder.bytes(), 4 * encoder.config().parameters() - 2 * (all - kept), "{unusual}");
        agrees(&encoder, &weights, &tower).await;
    }
}
