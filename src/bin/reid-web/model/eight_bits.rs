//! 8-bit weights on the command line: some of the images are embedded in F32 as well, and if 8 bits do not do, all are.

use std::path::Path;
use std::sync::{Mutex, PoisonError};

use burn::tensor::Device;
use reid_web::encoder::{EightBitCheck, ImageEncoder, TowerPlan};
use serde_json::{Value, json};

use crate::Outcome;
use crate::embed::batches::Decoded;
use crate::embed::journal::Journal;
use crate::model::weight_files::Weights;
use crate::model::{self, Model};
use crate::output::console::note;

/// What an encoder of 8-bit weights is compared with.
pub struct EightBits {
    exact: ImageEncoder,
    assumptions: Value,
    check: Mutex<EightBitCheck>,
}

impl EightBits {
    /// - `plan`: of F32
    pub fn load(plan: TowerPlan, weights: &mut Weights) -> Outcome<Self> {
        let assumptions = json!(plan.assumptions());
        let exact = model::read(plan, weights, Device::flex())?;
        Ok(Self { exact, assumptions, check: Mutex::default() })
    }

    /// Compares an image if it has to be.
    ///
    /// - `found`: its embedding in 8 bits
    pub fn review(&self, name: &str, image: &Decoded, found: &[f32]) -> Result<(), String> {
        if self.with_check(|check| check.wants(found)) {
            let exact = image.encode(&self.exact)?;
            self.with_check(|check| check.compare(name, &exact, found));
        }
        Ok(())
    }

    /// Why 8 bits do not do; `None` as long as they do.
    pub fn refusal(&self) -> Option<String> {
        self.with_check(|check| check.refusal())
    }

    /// What a report says of the model if it computes in F32.
    ///
    /// - `info`: what it says of the 8-bit one
    fn exact_info(&self, info: &Value) -> Value {
        let mut exact = info.clone();
        exact["precision"] = json!(self.exact.precision());
        exact["assumptions"] = self.assumptions.clone();
        exact
    }

    /// What was found so far, in words and for a report.
    fn found(&self) -> Option<(String, Value)> {
        self.with_check(|check| {
            let report = json!({ "compared": check.compared(), "lowestCosine": check.lowest_cosine() });
            check.summary().map(|summary| (summary, report))
        })
    }

    fn with_check<T>(&self, of: impl FnOnce(&mut EightBitCheck) -> T) -> T {
        of(&mut self.check.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Model {
    /// Whether 8-bit weights were tried and do not do.
    pub fn is_refused(&self) -> bool {
        self.eight_bits.as_ref().is_some_and(|eight_bits| eight_bits.refusal().is_some())
    }

    /// Goes on in F32 if 8 bits do not do, and says so; says how well they do otherwise.
    ///
    /// - returns whether all images have to be embedded again
    pub fn settle(&mut self) -> bool {
        let Some(eight_bits) = self.eight_bits.take_if(|eight_bits| eight_bits.refusal().is_some()) else {
            self.tell_found();
            return false;
        };
        note(eight_bits.refusal().unwrap_or_default());
        self.go_on_in_f32(eight_bits);
        true
    }

    /// Goes on in F32 if an interrupted run did, and says so: 8 bits did not do for these images.
    ///
    /// - `journal`: that of the run, if there is one
    pub fn settle_by(&mut self, journal: &Path) {
        let begun = |eight_bits: &mut EightBits| {
            Journal::is_begun_by(journal, self.device, &eight_bits.exact_info(&self.info), true)
        };
        if let Some(eight_bits) = self.eight_bits.take_if(begun) {
            note(
                "the interrupted run found that 8-bit weights change these embeddings too much; continuing in F32",
            );
            self.go_on_in_f32(eight_bits);
        }
    }

    fn go_on_in_f32(&mut self, eight_bits: EightBits) {
        self.info = eight_bits.exact_info(&self.info);
        self.encoder = eight_bits.exact;
        self.fell_back = true;
    }

    fn tell_found(&mut self) {
        if let Some((summary, report)) = self.eight_bits.as_ref().and_then(EightBits::found) {
            note(format_args!("8-bit: {summary}"));
            self.info["eightBitCheck"] = report;
        }
    }
}
