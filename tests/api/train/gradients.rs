//! The gradients that an encoder is trained with, against independent ones.

use crate::train::waves::tiny_model;
use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use reid_web::encoder::VitConfig;
use reid_web::workshop::train::{
    Batch, Known, Learner, LossWeights, Pass, Random, Recipe, forward, initialise, supervised_contrastive,
};

fn unit_rows(seed: u64, rows: usize, dim: usize) -> Vec<f64> {
    let mut random = Random::new(&[seed]);
    let rows = (0..rows).flat_map(|_| {
        let row: Vec<f64> = (0..dim).map(|_| f64::from(random.normal())).collect();
        let length = row.iter().map(|value| value * value).sum::<f64>().sqrt();
        row.into_iter().map(move |value| value / length)
    });
    rows.collect()
}

/// The loss as in the paper, in double precision.
fn reference_loss(z: &[f64], identities: &[u32], scale: f64) -> f64 {
    let dim = z.len() / identities.len();
    let row = |at: usize| &z[at * dim..][..dim];
    let similarity = |i: usize, a: usize| row(i).iter().zip(row(a)).map(|(x, y)| x * y).sum::<f64>() * scale;
    let others = |i: usize| (0..identities.len()).filter(move |&a| a != i);
    let mut losses = Vec::new();
    for i in 0..identities.len() {
        let all: f64 = others(i).map(|a| similarity(i, a).exp()).sum();
        let positives: Vec<_> = others(i).filter(|&p| identities[p] == identities[i]).collect();
        if !positives.is_empty() {
            let sum: f64 = positives.iter().map(|&p| all.ln() - similarity(i, p)).sum();
            losses.push(sum / positives.len() as f64);
        }
    }
    losses.iter().sum::<f64>() / losses.len() as f64
}

#[test]
fn the_loss_and_its_gradients_are_those_of_the_paper() {
    let identities = [3, 3, 1, 8, 1, 3, 9];
    let (rows, dim, scale) = (identities.len(), 6, 7.0);
    let z = unit_rows(11, rows, dim);
    let device = Device::flex().autodiff();
    let values = z.iter().map(|&value| value as f32).collect::<Vec<_>>();
    let embeddings = Tensor::<2>::from_data(TensorData::new(values, [rows, dim]), &device).require_grad();
    let scale_tensor = Tensor::<1>::from_data([scale as f32], &device).require_grad();
    let loss = supervised_contrastive(embeddings.clone(), &identities, scale_tensor.clone());
    let gradients = loss.backward();
    let found = loss.into_data().try_into_vec::<f32>().unwrap()[0];
    assert!((f64::from(found) - reference_loss(&z, &identities, scale)).abs() < 1e-5);

    let gradient = embeddings.grad(&gradients).unwrap().into_data().try_into_vec::<f32>().unwrap();
    let step = 1e-5;
    for (at, &found) in gradient.iter().enumerate() {
        let moved = |by: f64| {
            let mut z = z.clone();
            z[at] += by;
            reference_loss(&z, &identities, scale)
        };
        let expected = (moved(step) - moved(-step)) / (2.0 * step);
        assert!((f64::from(found) - expected).abs() < 1e-5, "element {at}: {found} {expected}");
    }
    let found = scale_tensor.grad(&gradients).unwrap().into_data().try_into_vec::<f32>().unwrap()[0];
    let at_scale = |scale| reference_loss(&z, &identities, scale);
    let expected = (at_scale(scale + step) - at_scale(scale - step)) / (2.0 * step);
    assert!((f64::from(found) - expected).abs() < 1e-6, "{found} {expected}");
}

/// The gradients of a module in the order of its weights.
struct Collected<'a> {
    gradients: &'a GradientsParams,
    values: Vec<Vec<f32>>,
}

impl<'a> Collected<'a> {
    fn new(gradients: &'a GradientsParams, module: &impl Module) -> Self {
        let mut collected = Self { gradients, values: Vec::new() };
        module.visit(&mut collected);
        collected
    }

    /// Whether these are the same gradients, each within 2e-4 of the largest of its weight.
    fn agree(&self, expected: &Self) {
        assert_eq!(self.values.len(), expected.values.len());
        for (weight, (found, expected)) in self.values.iter().zip(&expected.values).enumerate() {
            let largest = expected.iter().fold(1e-3f32, |largest, value| largest.max(value.abs()));
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(expected) {
                assert!((found - expected).abs() < 2e-4 * largest, "weight {weight}: {found} {expected}");
            }
        }
    }
}

impl ModuleVisitor for Collected<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let gradient = self.gradients.get::<D>(param.id).unwrap();
        self.values.push(gradient.into_data().try_into_vec::<f32>().unwrap());
    }
}

#[test]
fn the_way_forward_in_training_is_the_encoders_with_the_same_gradients() {
    let odd = VitConfig {
        image_size: [30; 2],
        trained_size: [30; 2],
        patch_size: 7,
        width: 44,
        heads: 2,
        ..tiny_model()
    };
    for config in [tiny_model(), odd] {
        let device = Device::flex().autodiff();
        let tower = initialise(&config, 3, &device);
        let side = config.image_size[0];
        let mut random = Random::new(&[4]);
        let pixels = (0..2 * 3 * side * side).map(|_| random.normal()).collect::<Vec<_>>();
        let pixels = Tensor::<4>::from_data(TensorData::new(pixels, [2, 3, side, side]), &device);
        let weights = (0..2 * config.embed_dim).map(|_| random.normal()).collect::<Vec<_>>();
        let weights = Tensor::<2>::from_data(TensorData::new(weights, [2, config.embed_dim]), &device);
        let [(found, found_embeddings), (expected, expected_embeddings)] =
            [forward(&tower, pixels.clone(), 1e-5), tower.forward(pixels)].map(|embeddings| {
                let gradients = (embeddings.clone() * weights.clone()).sum().backward();
                (GradientsParams::from_grads(gradients, &tower), embeddings)
            });
        Collected::new(&found, &tower).agree(&Collected::new(&expected, &tower));
        let difference = (found_embeddings - expected_embeddings).abs().max().into_scalar::<f32>();
        assert!(difference < 1e-5, "{difference}");
    }
}

#[test]
fn a_batch_in_parts_has_the_gradients_of_the_whole() {
    let recipe = Recipe { model: tiny_model(), landmarks: 2, ..Recipe::default() };
    let weights = LossWeights { traits: 1.5, landmarks: 3.0, heat: 2.0 };
    let learner = Learner::new(&recipe, &Device::flex().autodiff());
    let device = learner.tower.device();
    let (rows, side) = (5, recipe.model.image_size[0]);
    let mut random = Random::new(&[6]);
    let mut normal = |count: usize| (0..count).map(|_| random.normal()).collect::<Vec<_>>();
    let batch = Batch {
        pixels: normal(rows * 3 * side * side),
        identities: vec![1, 1, 4, 4, 2],
        traits: normal(rows * 3),
        landmarks: normal(rows * 2 * 2),
    };

    let values = |values: &[f32]| TensorData::new(values.to_vec(), [rows, values.len() / rows]);
    let pixels = TensorData::new(batch.pixels.clone(), [rows, 3, side, side]);
    let encoded = learner.encode(Tensor::from_data(pixels, &device));
    let lengths = encoded.embeddings.clone().square().sum_dim(1).sqrt();
    let embeddings = encoded.embeddings.clone() / lengths;
    let contrastive = supervised_contrastive(embeddings, &batch.identities, learner.scale());
    let known = Known {
        traits: Tensor::from_data(values(&batch.traits), &device),
        landmarks: Tensor::from_data(values(&batch.landmarks), &device),
    };
    let loss = contrastive.clone() + learner.error(encoded, known, weights);
    let expected = GradientsParams::from_grads(loss.backward(), &learner);

    let pass = Pass::new(&learner, &batch, weights).unwrap();
    assert!((pass.loss - loss.into_scalar::<f32>()).abs() < 1e-4);
    assert!((pass.contrastive - contrastive.into_scalar::<f32>()).abs() < 1e-5);
    Collected::new(&pass.gradients, &learner).agree(&Collected::new(&expected, &learner));
}
