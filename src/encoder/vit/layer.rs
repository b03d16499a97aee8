//! A layer of an encoder while its tensors come in, and how it is packed.

use burn::tensor::{Device, Tensor, TensorData};

use crate::encoder::Arithmetic;
use crate::encoder::batch_norm::scale_and_shift;
use crate::encoder::naming::layout::Form;
use crate::encoder::stored_tensor::StoredTensor;
use crate::encoder::vit::interpolation::interpolated;
use crate::kernels::{BlockLinear, PackedLinear, PackedNorm, Panels, Precision};
use crate::weights::Dtype;
use crate::{Error, Result};

/// A layer that waits for tensors.
pub(crate) struct Layer {
    kind: Kind,
    /// Tensors that have not come yet.
    awaited: usize,
    /// Of a linear layer; made when the first weights come.
    panels: Option<Panels>,
    /// The bias of a linear layer, gamma and beta of a norm, or places; made when the first come.
    numbers: Vec<f32>,
    /// Whether all weights so far were stored as F16.
    is_half: bool,
}

/// What kind of layer, and its shape.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    /// Of a block: N and K.
    Linear([usize; 2]),
    /// Before or behind the blocks: N and K.
    Projection([usize; 2]),
    /// W
    Norm(usize),
    /// Patches, and W.
    Places(Grids, usize),
    /// Number of features.
    Neck(usize),
    /// Cameras, and W.
    Cameras(usize, usize),
}

/// Patches along height and width.
#[derive(Clone, Copy)]
pub(crate) struct Grids {
    /// That the file has places for.
    pub trained: [usize; 2],
    /// Of the input.
    pub wanted: [usize; 2],
}

/// What of a layer a tensor is.
#[derive(Clone, Copy)]
pub(crate) enum Part {
    /// Weights, from this output on.
    Weights(usize),
    /// Numbers, from this one on, in addition to what is there.
    Numbers(usize),
}

impl Layer {
    /// - `awaited`: number of tensors
    pub fn new(kind: Kind, awaited: usize) -> Self {
        Self { kind, awaited, panels: None, numbers: Vec::new(), is_half: true }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether all its tensors have come.
    pub fn is_complete(&self) -> bool {
        self.awaited == 0
    }

    /// Takes one of its tensors out of one of a file.
    pub fn insert(&mut self, part: Part, form: &Form, stored: &StoredTensor) {
        self.awaited -= 1;
        match part {
            Part::Weights(first) => self.insert_weights(first, form, stored),
            Part::Numbers(first) => self.insert_numbers(first, form, stored),
        }
    }

    fn insert_weights(&mut self, first: usize, form: &Form, stored: &StoredTensor) {
        let (Kind::Linear([width, depth]) | Kind::Projection([width, depth])) = self.kind else { return };
        self.is_half &= stored.dtype() == Dtype::F16;
        let panels = self.panels.get_or_insert_with(|| Panels::new(width, depth));
        let rows = stored.rows_of(form);
        let mut index = first;
        stored.for_each_row(rows, |row| {
            match form {
                Form::Transposed => panels.write_input(index, row),
                Form::Whole | Form::Rows(_) => panels.write_output(index, row),
            }
            index += 1;
        });
    }

    fn insert_numbers(&mut self, first: usize, form: &Form, stored: &StoredTensor) {
        self.numbers.resize(self.kind.numbers(), 0.0);
        let mut numbers = self.numbers[first..].iter_mut();
        stored.for_each_row(stored.rows_of(form), |row| {
            row.iter().zip(&mut numbers).for_each(|(new, number)| *number += new);
        });
    }
}

impl Kind {
    /// How many numbers it has beside weights.
    fn numbers(self) -> usize {
        match self {
            Self::Linear([width, _]) | Self::Projection([width, _]) => width,
            Self::Norm(width) => 2 * width,
            Self::Neck(features) => 4 * features,
            Self::Cameras(cameras, width) => cameras * width,
            Self::Places(grids, width) => (1 + grids.trained.iter().product::<usize>()) * width,
        }
    }
}

/// Batch norms behind an encoder, with their running statistics.
#[derive(Debug)]
pub(crate) struct Neck {
    /// `[1, F]`
    pub scale: Tensor<2>,
    /// `[1, F]`
    pub shift: Tensor<2>,
}

/// How layers are packed.
pub(crate) struct Packing {
    epsilon: f64,
    device: Device,
    /// F16 also for weights that are stored in another format.
    half_weights: bool,
    /// Of the blocks, on the CPU.
    arithmetic: Arithmetic,
}

impl Packing {
    /// - `epsilon`: of layer norms
    /// - `half_weights`: F16 also for weights that are stored in another format
    /// - `arithmetic`: of the blocks, on the CPU
    pub fn new(epsilon: f64, device: Device, half_weights: bool, arithmetic: Arithmetic) -> Self {
        Self { epsilon, device, half_weights, arithmetic }
    }

    /// # Errors
    ///
    /// [`Error::Device`] if the device failed.
    pub fn linear(&self, layer: Layer, [width, depth]: [usize; 2]) -> Result<BlockLinear> {
        let precision = match (self.arithmetic, self.device == Device::flex()) {
            (Arithmetic::I8, true) => Precision::I8,
            _ => self.precision(&layer),
        };
        let panels = layer.panels.unwrap_or_else(|| Panels::new(width, depth));
        let linear = BlockLinear::from_panels(panels, &layer.numbers, precision, &self.device);
        self.hand_over()?;
        Ok(linear)
    }

    /// # Errors
    ///
    /// [`Error::Device`] if the device failed.
    pub fn projection(&self, layer: Layer, [width, depth]: [usize; 2]) -> Result<PackedLinear> {
        let precision = self.precision(&layer);
        let panels = layer.panels.unwrap_or_else(|| Panels::new(width, depth));
        let linear = PackedLinear::from_panels(panels, &vec![0.0; width], precision, &self.device);
        self.hand_over()?;
        Ok(linear)
    }

    fn precision(&self, layer: &Layer) -> Precision {
        match self.half_weights || layer.is_half {
            true => Precision::F16,
            false => Precision::F32,
        }
    }

    pub fn norm(&self, layer: &Layer) -> PackedNorm {
        let (gamma, beta) = layer.numbers.split_at(layer.numbers.len() / 2);
        PackedNorm::new(gamma, beta, self.epsilon, &self.device)
    }

    pub fn places(&self, layer: Layer, Grids { trained, wanted }: Grids, width: usize) -> Tensor<2> {
        let places = match trained == wanted {
            true => layer.numbers,
            false => interpolated(&layer.numbers, trained, wanted),
        };
        let shape = [places.len() / width, width];
        Tensor::from_data(TensorData::new(places, shape), &self.device)
    }

    pub fn cameras(&self, layer: Layer, width: usize) -> Tensor<2> {
        let shape = [layer.numbers.len() / width, width];
        Tensor::from_data(TensorData::new(layer.numbers, shape), &self.device)
    }

    /// # Errors
    ///
    /// [`Error::Checkpoint`] if a variance is below 0.
    pub fn neck(&self, layer: &Layer) -> Result<Neck> {
        let features = layer.numbers.len() / 4;
        let parts = std::array::from_fn(|part| &layer.numbers[part * features..][..features]);
        let [scale, shift] = scale_and_shift("bottleneck", parts)?
            .map(|numbers| Tensor::from_data(TensorData::new(numbers, [1, features]), &self.device));
        Ok(Neck { scale, shift })
    }

    /// Has the device take over what was packed, so that our copy and the driver's are given up. By themselves up to
    /// 32 tensors wait for that on our side, and up to 64 on the driver's until something is computed.
    fn hand_over(&self) -> Result<()> {
        drop(Tensor::<1>::zeros([1], &self.device));
        self.device.flush().map_err(|cause| Error::Device(cause.to_string()))
    }
}
