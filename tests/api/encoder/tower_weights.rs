//! The weights of the fixtures, to be changed and handed to an encoder.

use burn::tensor::Device;
use half::f16;
use reid_web::Result;
use reid_web::encoder::{ImageEncoder, Naming, TowerBuilder, TowerPlan};

use crate::encoder::towers::Tower;

/// How weights are stored.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Stored {
    F32,
    F16,
}

/// The weights of a tower under their names in the file, to be changed.
pub struct Weights {
    pub plan: TowerPlan,
    pub tensors: Vec<(String, Vec<f32>)>,
}

impl Weights {
    /// Rounded to F16.
    pub fn of(tower: &Tower) -> Self {
        let plan = tower.plan(None).unwrap();
        let mut tensors = tower.weights(&plan);
        let numbers = tensors.iter_mut().flat_map(|(_, numbers)| numbers);
        numbers.for_each(|number| *number = f16::from_f32(*number).to_f32());
        Self { plan, tensors }
    }

    /// Those of the tensor whose name ends like this.
    pub fn get(&mut self, end: &str) -> &mut Vec<f32> {
        let found = self.tensors.iter_mut().find(|(name, _)| name.ends_with(end));
        &mut found.unwrap().1
    }

    /// Makes a few channels hundreds of times larger than the others, as they are in trained encoders.
    ///
    /// - `factors`: of these channels, and of the weights that they are multiplied with
    pub fn enlarge_channels(&mut self, factors: [f32; 2]) {
        let width = self.plan.config().vit().unwrap().width;
        let [norm, layer] = match self.plan.naming() == Naming::Transformers {
            true => ["layers.0.layer_norm2", "layers.0.mlp.fc1"],
            false => ["resblocks.0.ln_2", "resblocks.0.mlp.c_fc"],
        };
        for channel in [1, width / 2, width - 1] {
            for part in ["weight", "bias"] {
                self.get(&format!("{norm}.{part}"))[channel] *= factors[0];
            }
            for row in self.get(&format!("{layer}.weight")).chunks_mut(width) {
                row[channel] = f16::from_f32(row[channel] * factors[1]).to_f32();
            }
        }
    }

    pub fn load(&self, device: &Device, stored: Stored) -> ImageEncoder {
        self.feed(TowerBuilder::new(self.plan.clone(), device.clone()), stored).unwrap()
    }

    pub fn feed(&self, mut builder: TowerBuilder, stored: Stored) -> Result<ImageEncoder> {
        for (name, numbers) in &self.tensors {
            let (dtype, bytes) = match stored {
                Stored::F32 => ("F32", bytes(numbers, |number| number.to_le_bytes())),
                Stored::F16 => ("F16", bytes(numbers, |number| f16::from_f32(number).to_le_bytes())),
            };
            builder.insert(name, dtype, &bytes)?;
        }
        builder.finish()
    }
}

fn bytes<const N: usize>(numbers: &[f32], bytes: impl Fn(f32) -> [u8; N]) -> Vec<u8> {
    numbers.iter().flat_map(|number| bytes(*number)).collect()
}
