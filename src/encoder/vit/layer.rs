//! A layer of a Vision Transformer while its tensors arrive, and how it is packed.

use burn::tensor::{Device, Tensor, TensorData};

use crate::encoder::Arithmetic;
use crate::encoder::batch_norm::scale_and_shift;
use crate::encoder::naming::source::Arrangement;
use crate::encoder::stored_tensor::StoredTensor;
use crate::encoder::vit::interpolation::interpolated;
use crate::kernels::{BlockLinear, PackedLinear, PackedNorm, Panels, Precision};
use crate::weights::Dtype;
use crate::{Error, Result};

/// A layer that waits for tensors.
pub(crate) struct Layer {
    kind: LayerKind,
    /// Number of tensors that have not arrived yet.
    awaited: usize,
    /// Of a linear layer; made when the first weights come.
    panels: Option<Panels>,
    /// The bias of a linear layer, gamma and beta of a norm, or embeddings; made when the first come.
    values: Vec<f32>,
    /// Whether all weights so far were stored as F16.
    is_half: bool,
}

/// What kind of layer, and its shape.
#[derive(Clone, Copy)]
pub(crate) enum LayerKind {
    /// Linear layer of a block: N and K.
    Linear([usize; 2]),
    /// Before or after the blocks, without a bias: N and K.
    Projection([usize; 2]),
    /// Layer norm: W.
    Norm(usize),
    /// Class token and positional embedding: patches, and W.
    Tokens(Grids, usize),
    /// Batch norms after the tower: length of the embedding.
    Neck(usize),
    /// Embeddings of cameras: their number, and W.
    Cameras(usize, usize),
}

/// Patches along height and width.
#[derive(Clone, Copy)]
pub(crate) struct Grids {
    /// That the positional embedding in the file is for.
    pub trained: [usize; 2],
    /// Of the input.
    pub wanted: [usize; 2],
}

/// Where in a layer a tensor belongs.
#[derive(Clone, Copy)]
pub(crate) enum Destination {
    /// Weights, from this output on.
    Weights(usize),
    /// Values, from this one on, in addition to what is there.
    Values(usize),
}

impl Layer {
    /// - `awaited`: number of tensors
    pub fn new(kind: LayerKind, awaited: usize) -> Self {
        Self { kind, awaited, panels: None, values: Vec::new(), is_half: true }
    }

    pub fn kind(&self) -> LayerKind {
        self.kind
    }

    /// Whether all its tensors have arrived.
    pub fn is_complete(&self) -> bool {
        self.awaited == 0
    }

    /// Takes one of its tensors out of one of a file.
    pub fn insert(&mut self, part: Destination, arrangement: &Arrangement, stored: &StoredTensor) {
        self.awaited -= 1;
        match part {
            Destination::Weights(first) => self.insert_weights(first, arrangement, stored),
            Destination::Values(first) => self.insert_values(first, arrangement, stored),
        }
    }

    fn insert_weights(&mut self, first: usize, arrangement: &Arrangement, stored: &StoredTensor) {
        let (LayerKind::Linear([width, depth]) | LayerKind::Projection([width, depth])) = self.kind else {
            return;
        };
        self.is_half &= stored.dtype() == Dtype::F16;
        let panels = self.panels.get_or_insert_with(|| Panels::new(width, depth));
        let rows = stored.rows_of(arrangement);
        let mut index = first;
        stored.for_each_row(rows, |row| {
            match arrangement {
                Arrangement::Transposed => panels.write_input(index, row),
                Arrangement::Whole | Arrangement::Rows(_) => panels.write_output(index, row),
            }
            index += 1;
        });
    }

    fn insert_values(&mut self, first: usize, arrangement: &Arrangement, stored: &StoredTensor) {
        self.values.resize(self.kind.values(), 0.0);
        let mut values = self.values[first..].iter_mut();
        stored.for_each_row(stored.rows_of(arrangement), |row| {
            row.iter().zip(&mut values).for_each(|(new, value)| *value += new);
        });
    }
}

impl LayerKind {
    /// How many values it has besides weights.
    fn values(self) -> usize {
        match self {
            Self::Linear([width, _]) | Self::Projection([width, _]) => width,
            Self::Norm(width) => 2 * width,
            Self::Neck(features) => 4 * features,
            Self::Cameras(cameras, width) => cameras * width,
            Self::Tokens(grids, width) => (1 + grids.trained.iter().product::<usize>()) * width,
        }
    }
}

/// Batch norms after a tower, with their running statistics.
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
        let linear = BlockLinear::from_panels(panels, &layer.values, precision, &self.device);
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
        let (gamma, beta) = layer.values.split_at(layer.values.len() / 2);
        PackedNorm::new(gamma, beta, self.epsilon, &self.device)
    }

    pub fn tokens(&self, layer: Layer, Grids { trained, wanted }: Grids, width: usize) -> Tensor<2> {
        let tokens = match trained == wanted {
            true => layer.values,
            false => interpolated(&layer.values, trained, wanted),
        };
        let shape = [tokens.len() / width, width];
        Tensor::from_data(TensorData::new(tokens, shape), &self.device)
    }

    pub fn cameras(&self, layer: Layer, width: usize) -> Tensor<2> {
        let shape = [layer.values.len() / width, width];
        Tensor::from_data(TensorData::new(layer.values, shape), &self.device)
    }

    /// # Errors
    ///
    /// [`Error::Checkpoint`] if a variance is below 0.
    pub fn neck(&self, layer: &Layer) -> Result<Neck> {
        let features = layer.values.len() / 4;
        let parts = std::array::from_fn(|part| &layer.values[part * features..][..features]);
        let [scale, shift] = scale_and_shift("bottleneck", parts)?
            .map(|values| Tensor::from_data(TensorData::new(values, [1, features]), &self.device));
        Ok(Neck { scale, shift })
    }

    /// Has the device take over what was packed, so that the copies on our side and in the driver are freed.
    /// Otherwise up to 32 tensors wait on our side, and up to 64 in the driver, until something is computed.
    fn hand_over(&self) -> Result<()> {
        drop(Tensor::<1>::zeros([1], &self.device));
        self.device.flush().map_err(|cause| Error::Device(cause.to_string()))
    }
}
