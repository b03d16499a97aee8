//! The contrastive loss: images of one identity attract each other and repel the others.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Tensor, TensorData};

/// Added to a logit to take it out of a softmax; finite, so that 0 times it is 0.
const OUT: f32 = -1e9;

/// Supervised contrastive loss over the identities of a batch.
///
/// For each image i the mean over the other images p of its identity of
/// `-ln(exp(s·z_i·z_p) / Σ_{a≠i} exp(s·z_a·z_i))`, averaged over the images that have such a p. With
/// two images for each identity this is SimCLR's NT-Xent.
///
/// Source: Khosla et al. 2020, "Supervised Contrastive Learning", equation 2.
///
/// - `embeddings`: `[B, D]`, each row of length 1
/// - `identities`: `[B]`
/// - `scale`: `[1]`, s, the inverse temperature
/// - returns `[1]`, at least 0; 0 if no identity appears twice
pub fn supervised_contrastive(embeddings: Tensor<2>, identities: &[u32], scale: Tensor<1>) -> Tensor<1> {
    let device = embeddings.device();
    let square = |values| Tensor::<2>::from_data(TensorData::new(values, [identities.len(); 2]), &device);
    let logits = embeddings.clone().matmul(embeddings.transpose()) * scale.unsqueeze(); // [B, B]
    let log_shares = log_softmax(logits + square(self_mask(identities.len())), 1);
    (log_shares * square(positive_weights(identities))).sum().neg()
}

/// How far the first T values of the embeddings are from the traits of their identities: mean squared error.
///
/// - `embeddings`: `[B, D]`, before they are normalised
/// - `traits`: `[B, T]`, T at most D
/// - returns `[1]`
pub fn trait_error(embeddings: Tensor<2>, traits: Tensor<2>) -> Tensor<1> {
    let [_, count] = traits.dims();
    (embeddings.narrow(1, 0, count) - traits).square().mean()
}

/// `[B, B]`: [`OUT`] on the diagonal, 0 elsewhere.
fn self_mask(count: usize) -> Vec<f32> {
    let mut mask = vec![0.0; count * count];
    mask.iter_mut().step_by(count + 1).for_each(|value| *value = OUT);
    mask
}

/// `[B, B]`: what the pair (i, p) counts in the mean of means; 0 unless p is another image of i's
/// identity.
fn positive_weights(identities: &[u32]) -> Vec<f32> {
    let positives = |identity: u32| identities.iter().filter(|&&other| other == identity).count() - 1;
    let positives: Vec<usize> = identities.iter().map(|&identity| positives(identity)).collect();
    let anchors = positives.iter().filter(|&&count| count > 0).count();
    let weight = |i: usize, p: usize| match i != p && identities[i] == identities[p] {
        true => 1.0 / (positives[i] * anchors) as f32,
        false => 0.0,
    };
    let pairs = (0..identities.len()).flat_map(|i| (0..identities.len()).map(move |p| (i, p)));
    pairs.map(|(i, p)| weight(i, p)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_are_a_mean_over_positives_and_over_images_that_have_one() {
        let fifth = 1.0 / 5.0;
        #[rustfmt::skip]
        assert_eq!(positive_weights(&[4, 9, 4, 4, 7, 9]), [
            0.0, 0.0, fifth / 2.0, fifth / 2.0, 0.0, 0.0,
            0.0, 0.0, 0.0, 0.0, 0.0, fifth,
            fifth / 2.0, 0.0, 0.0, fifth / 2.0, 0.0, 0.0,
            fifth / 2.0, 0.0, fifth / 2.0, 0.0, 0.0, 0.0,
            0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
            0.0, fifth, 0.0, 0.0, 0.0, 0.0,
        ]);
    }
}
