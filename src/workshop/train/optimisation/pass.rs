//! A batch's way through the encoder and back, its parts at the same time.
//!
//! The contrastive loss compares all images of a batch; all else concerns each image on its own. So each part goes
//! forward on a thread and in a graph of its own, the loss of all embeddings together provides the gradient that each
//! part then goes back with, and the weights' gradients are added up.

use std::panic::resume_unwind;
use std::thread;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Tensor, TensorData};

use crate::encoder::l2_normalise;
use crate::workshop::train::{Batch, Encoded, Known, Learner, LossWeights, supervised_contrastive};
use crate::{Error, Result};

/// Parts of a batch. The same for every machine, so that the same seed leads to the same sums.
const PARTS: usize = 2;

/// What a batch has come to.
pub struct Pass {
    /// The contrastive loss and the weighted errors in what is known of the images.
    pub loss: f32,
    /// The contrastive loss alone.
    pub contrastive: f32,
    /// Of the learner's weights.
    pub gradients: GradientsParams,
}

impl Pass {
    /// Sends a batch there and back.
    ///
    /// - `weights`: what errors in the annotations count
    ///
    /// # Errors
    ///
    /// [`Error::Device`] if a result cannot be read.
    pub fn new(learner: &Learner, batch: &Batch, weights: LossWeights) -> Result<Self> {
        let rows = batch.identities.len();
        let parts = batch.parts(PARTS).into_iter().map(|batch| (learner.apart(), batch)).collect();
        let parts = in_parallel(parts, |(learner, batch)| Part::forward(learner, batch));

        let outputs = parts.iter().map(|part| part.encoded.embeddings.clone().inner());
        let outputs = Tensor::from_inner(Tensor::cat(outputs.collect(), 0)).require_grad(); // [B, D]
        let embeddings = l2_normalise(outputs.clone());
        let loss = supervised_contrastive(embeddings, &batch.identities, learner.scale());
        let contrastive = number(loss.clone())?;
        let gradients = loss.backward();
        let lost = || Error::Device("the gradient of the embeddings was lost".into());
        let gradient = outputs.grad(&gradients).ok_or_else(lost)?; // [B, D]
        let mut sum = GradientsParams::from_grads(gradients, learner);

        let counts = parts.iter().map(Part::rows).collect();
        let ways = parts.into_iter().zip(gradient.split_with_sizes(counts, 0)).collect();
        let mut loss = contrastive;
        for outcome in in_parallel(ways, |(part, gradient)| part.backward(gradient, rows, weights)) {
            let (error, gradients) = outcome?;
            loss += error;
            sum = added(learner, sum, gradients);
        }
        Ok(Self { loss, contrastive, gradients: sum })
    }
}

/// Some images of a batch, on their way.
struct Part {
    learner: Learner,
    encoded: Encoded,
    known: Option<Known>,
}

impl Part {
    fn forward(learner: Learner, batch: Batch) -> Self {
        let (rows, device) = (batch.identities.len(), learner.tower.device());
        let side = (batch.pixels.len() / (3 * rows)).isqrt();
        let pixels = TensorData::new(batch.pixels, [rows, 3, side, side]);
        let encoded = learner.encode(Tensor::from_data(pixels, &device));
        let table = |values: Vec<f32>| {
            let count = values.len() / rows;
            Tensor::from_data(TensorData::new(values, [rows, count]), &device)
        };
        let known = (!batch.traits.is_empty())
            .then(|| Known { traits: table(batch.traits), landmarks: table(batch.landmarks) });
        Self { learner, encoded, known }
    }

    fn rows(&self) -> usize {
        self.encoded.embeddings.dims()[0]
    }

    /// What errors in the annotations come to, and the gradients of the weights.
    ///
    /// - `gradient`: `[b, D]`, with respect to the embeddings
    /// - `rows`: B, of the whole batch
    fn backward(
        self,
        gradient: Tensor<2>,
        rows: usize,
        weights: LossWeights,
    ) -> Result<(f32, GradientsParams)> {
        let share = self.rows() as f32 / rows as f32;
        // Its gradient with respect to the embeddings is the one given.
        let way_back = (self.encoded.embeddings.clone() * Tensor::from_inner(gradient)).sum();
        let error = self.known.map(|known| self.learner.error(self.encoded, known, weights) * share);
        let (error, root) = match error {
            Some(error) => (number(error.clone())?, way_back + error),
            None => (0.0, way_back),
        };
        Ok((error, GradientsParams::from_grads(root.backward(), &self.learner)))
    }
}

/// Each on a thread of its own. Not on rayon's: a thread that waits for a piece of its work there may take up the
/// other part while it holds the lock of its graph.
fn in_parallel<T: Send, R: Send>(inputs: Vec<T>, run: impl Fn(T) -> R + Sync) -> Vec<R> {
    let run = &run;
    thread::scope(|scope| {
        let threads: Vec<_> = inputs.into_iter().map(|input| scope.spawn(move || run(input))).collect();
        let results = threads.into_iter().map(|thread| thread.join());
        results.map(|result| result.unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// The sum of two gradients of the learner's weights.
fn added(learner: &Learner, a: GradientsParams, b: GradientsParams) -> GradientsParams {
    let mut sum = Sum { a, b, sum: GradientsParams::new() };
    learner.visit(&mut sum);
    sum.sum
}

struct Sum {
    a: GradientsParams,
    b: GradientsParams,
    sum: GradientsParams,
}

impl ModuleVisitor for Sum {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let sum = match (self.a.remove::<D>(param.id), self.b.remove::<D>(param.id)) {
            (Some(a), Some(b)) => a + b,
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => return,
        };
        self.sum.register(param.id, sum);
    }
}

/// The value of a tensor of one element.
pub(crate) fn number(tensor: Tensor<1>) -> Result<f32> {
    let values = tensor.into_data().try_into_vec::<f32>();
    let values = values.map_err(|cause| Error::Device(format!("{cause:?}")))?;
    values.first().copied().ok_or_else(|| Error::Device("a number was lost".into()))
}
