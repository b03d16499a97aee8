//! A value for each pixel of the picture.

/// `[side, side]` values, row by row from the top left.
#[derive(Clone, Debug)]
pub(crate) struct Layer {
    pub(crate) side: usize,
    pub(crate) values: Vec<f32>,
}

impl Layer {
    pub(crate) fn new(side: usize, value: f32) -> Self {
        Self { side, values: vec![value; side * side] }
    }

    /// Nearest value; the border continues outside.
    pub(crate) fn at(&self, x: i32, y: i32) -> f32 {
        let last = self.side as i32 - 1;
        self.values[(y.clamp(0, last) * self.side as i32 + x.clamp(0, last)) as usize]
    }

    /// Change per pixel to the right and downwards.
    pub(crate) fn gradient(&self, x: usize, y: usize) -> [f32; 2] {
        let (side, last) = (self.side, self.side - 1);
        let row = y * side;
        let (left, right) = (x.saturating_sub(1), (x + 1).min(last));
        let (above, below) = (y.saturating_sub(1), (y + 1).min(last));
        [
            (self.values[row + right] - self.values[row + left]) / (right - left) as f32,
            (self.values[below * side + x] - self.values[above * side + x]) / (below - above) as f32,
        ]
    }

    /// Close to a Gaussian blur: two box blurs each way.
    ///
    /// - `radius`: pixels, about 1.2 standard deviations; below 0.5 nothing happens
    pub(crate) fn blurred(&self, radius: f32) -> Self {
        let radius = (radius + 0.5) as usize;
        if radius == 0 {
            return self.clone();
        }
        let once = self.box_rows(radius).box_rows(radius).transposed();
        once.box_rows(radius).box_rows(radius).transposed()
    }

    fn box_rows(&self, radius: usize) -> Self {
        let (side, last) = (self.side, self.side - 1);
        let share = 1.0 / (2 * radius + 1) as f32;
        let mut values = Vec::with_capacity(self.values.len());
        for row in self.values.chunks_exact(side) {
            let first: f32 = (1..=radius).map(|x| row[x.min(last)]).sum();
            let mut sum = row[0] * (radius + 1) as f32 + first;
            for x in 0..side {
                values.push(sum * share);
                sum += row[(x + radius + 1).min(last)] - row[x.saturating_sub(radius)];
            }
        }
        Self { side, values }
    }

    fn transposed(&self) -> Self {
        let side = self.side;
        let mut turned = Self::new(side, 0.0);
        for y in 0..side {
            for x in 0..side {
                turned.values[x * side + y] = self.values[y * side + x];
            }
        }
        turned
    }
}
