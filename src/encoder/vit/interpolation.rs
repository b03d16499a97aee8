//! A positional embedding for another number of patches than it was trained for.

/// Interpolates a positional embedding bicubically, as transformers' `interpolate_pos_encoding` does by PyTorch's
/// `interpolate(mode="bicubic", align_corners=False)`.
///
/// - `embedding`: `[1 + h·w, W]`, the class token's first; that one stays as it is
/// - `from`, `to`: patches along height and width
/// - returns `[1 + H·W, W]`
pub(crate) fn interpolated(embedding: &[f32], from: [usize; 2], to: [usize; 2]) -> Vec<f32> {
    let width = embedding.len() / (1 + from[0] * from[1]);
    let (class, patches) = embedding.split_at(width);
    let [rows, columns] = [0, 1].map(|axis| taps(from[axis], to[axis]));
    let mut result = class.to_vec();
    for (row, column) in rows.iter().flat_map(|row| columns.iter().map(move |column| (row, column))) {
        let mut position = vec![0.0; width];
        for ((y, down), (x, across)) in
            row.iter().flat_map(|row| column.iter().map(move |column| (row, column)))
        {
            let patch = &patches[(y * from[1] + x) * width..][..width];
            position.iter_mut().zip(patch).for_each(|(sum, value)| *sum += down * across * value);
        }
        result.extend(position);
    }
    result
}

/// For each new position the four old ones next to it, with their weights; beyond the edge the last one is repeated.
fn taps(from: usize, to: usize) -> Vec<[(usize, f32); 4]> {
    let scale = from as f32 / to as f32;
    let taps = |at: usize| {
        let center = (at as f32 + 0.5) * scale - 0.5;
        let first = center.floor();
        let offset = center - first;
        let index = |tap: usize| (first as isize + tap as isize - 1).clamp(0, from as isize - 1) as usize;
        std::array::from_fn(|tap| (index(tap), cubic((offset + 1.0 - tap as f32).abs())))
    };
    (0..to).map(taps).collect()
}

/// Weight of a position at this distance. PyTorch takes -0.75 for the slope where Pillow takes -0.5.
fn cubic(x: f32) -> f32 {
    const A: f32 = -0.75;
    match x {
        ..=1.0 => ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0,
        ..=2.0 => ((x - 5.0) * x + 8.0) * x * A - 4.0 * A,
        _ => 0.0,
    }
}
