//! From what a weight file holds, and maybe a configuration, to what the encoder is and needs.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::arithmetic::{self, Arithmetic};
use super::inference::{Assumption, Choices, MeanStd, ResizeMode, infer};
use super::input_size::{self, resized};
use super::layout::Source;
use super::{Architecture, Augmentation, Layout, VisionConfig};
use crate::weights::{Dtype, Header, Subset, TensorInfo};
use crate::{Error, Result};

/// The image tower of a weight file: its configuration, and which tensors it consists of.
#[derive(Clone, Debug)]
pub struct TowerPlan {
    config: Architecture,
    layout: Layout,
    sources: BTreeMap<String, Source>,
    tensors: Header,
    assumptions: Vec<Assumption>,
    preprocessor: String,
    arithmetic: Arithmetic,
    augmentation: Augmentation,
}

impl TowerPlan {
    /// Plans the encoder of a weight file.
    ///
    /// - `config`: text of transformers' `config.json` or of `open_clip_config.json`; without one the shapes of the
    ///   tensors tell
    /// - `choices`: corrections of the assumptions, as JSON: `{"activation": "gelu", "heads": 12, "mean_std": "half",
    ///   "resize": "squash", "feature": "neck", "image_size": "256x128", "arithmetic": "i8",
    ///   "augmentation": "flip"}`
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if a text is not understood; [`Error::Checkpoint`] names the first tensor that is missing,
    /// unknown, or of another shape or number format than expected.
    pub fn new(header: Header, config: Option<&str>, choices: Option<&str>) -> Result<Self> {
        let choices = choices.map_or(Ok(Choices::default()), read_choices)?;
        let arithmetic = choices.arithmetic.unwrap_or_default();
        arithmetic.check()?;
        let augmentation = choices.augmentation.unwrap_or_default();
        let mut plan = Self::with_choices(header, config, &choices)?;
        plan.assumptions.extend(arithmetic::assumption(&plan.config, arithmetic));
        plan.assumptions.push(augmentation.assumption());
        Ok(Self { arithmetic, augmentation, ..plan })
    }

    /// All but arithmetic and augmentation.
    fn with_choices(header: Header, config: Option<&str>, choices: &Choices) -> Result<Self> {
        let (layout, prefix) = find_layout(&header)?;
        if let Some(json) = config.filter(|json| is_open_clip(json)) {
            let config = resized(Architecture::from_open_clip_json(json)?, choices.image_size.as_deref())?;
            let assumptions = input_size::assumption(&config).into_iter().collect();
            return Ok(Self { assumptions, preprocessor: json.into(), ..Self::with_config(header, config)? });
        }
        let (config, mut assumptions) = match config {
            Some(json) => (VisionConfig::from_json(json)?.into(), Vec::new()),
            None => infer(&header, layout, &prefix, choices)?,
        };
        let config = resized(config, choices.image_size.as_deref())?;
        let (preprocessor, about_pixels) = preprocessor(config.trained_size(), &prefix, choices);
        assumptions.extend(input_size::assumption(&config));
        assumptions.extend(about_pixels);
        Ok(Self { assumptions, preprocessor, ..Self::with_config(header, config)? })
    }

    /// Plans an encoder whose shape is known.
    ///
    /// # Errors
    ///
    /// As [`TowerPlan::new`].
    pub fn with_config(header: Header, config: impl Into<Architecture>) -> Result<Self> {
        let config = config.into();
        let (layout, prefix) = find_layout(&header)?;
        let sources = layout.sources(&config, &prefix).ok_or_else(|| other_kind(&config))?;
        let sources: BTreeMap<_, _> =
            sources.into_iter().map(|source| (source.name.clone(), source)).collect();
        let is_inside = |tensor: &TensorInfo| {
            sources.contains_key(&tensor.name) || !layout.is_outside(&tensor.name, &prefix)
        };
        let tensors = header.tensors.iter().filter(|tensor| is_inside(tensor)).cloned().collect();
        let (preprocessor, _) = preprocessor(config.trained_size(), &prefix, &Choices::default());
        let plan = Self {
            config,
            layout,
            sources,
            tensors: Header { tensors, unusable: header.unusable },
            assumptions: Vec::new(),
            preprocessor,
            arithmetic: Arithmetic::default(),
            augmentation: Augmentation::default(),
        };
        plan.check(header.tensors.len())?;
        Ok(plan)
    }

    /// Kind and shape of the network.
    pub fn config(&self) -> &Architecture {
        &self.config
    }

    /// How the file names the tensors.
    pub fn layout(&self) -> Layout {
        self.layout
    }

    /// What was concluded and not read.
    pub fn assumptions(&self) -> &[Assumption] {
        &self.assumptions
    }

    /// What the CPU shall compute with.
    pub fn arithmetic(&self) -> Arithmetic {
        self.arithmetic
    }

    /// The same with another arithmetic, where there is that choice.
    #[must_use]
    pub fn with_arithmetic(mut self, arithmetic: Arithmetic) -> Self {
        let is_arithmetic = |assumption: &&mut Assumption| assumption.field == "arithmetic";
        if let Some(assumption) = self.assumptions.iter_mut().find(is_arithmetic) {
            assumption.value = arithmetic.name().into();
            self.arithmetic = arithmetic;
        }
        self
    }

    /// What is to be encoded besides the images themselves.
    pub fn augmentation(&self) -> Augmentation {
        self.augmentation
    }

    /// What to do with the pixels, for [`Architecture::trained_size`], if the model brings no `preprocessor_config.json`: the text of one, or of
    /// `open_clip_config.json`.
    pub fn preprocessor(&self) -> &str {
        &self.preprocessor
    }

    /// The tensors that the encoder needs, in the order of the file.
    pub fn tensors(&self) -> &[TensorInfo] {
        &self.tensors.tensors
    }

    /// A smaller file with nothing but these tensors.
    pub fn subset(&self) -> Subset {
        let names: Vec<&str> = self.tensors().iter().map(|tensor| tensor.name.as_str()).collect();
        self.tensors.subset(&names)
    }

    /// The beginning of a file with nothing but these tensors, F32 as F16.
    pub fn half_header(&self) -> Vec<u8> {
        self.tensors.half_header()
    }

    /// What is made of a tensor of the file.
    pub(super) fn source(&self, name: &str) -> Result<&Source> {
        self.sources.get(name).ok_or_else(|| {
            Error::Checkpoint(format!(
                "tensor {name} does not belong to a CLIP image encoder of {} in {} layout",
                self.config.layers(),
                self.layout.name()
            ))
        })
    }

    /// Of what the encoder is made.
    pub(super) fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.values()
    }

    /// - `count`: tensors of the file
    fn check(&self, count: usize) -> Result<()> {
        self.tensors().iter().try_for_each(|tensor| self.check_tensor(tensor))?;
        let is_there = |name: &str| self.tensors().iter().any(|tensor| tensor.name == name);
        match self.sources.values().find(|source| !is_there(&source.name)) {
            None => Ok(()),
            Some(source) => Err(self.missing(source, count)),
        }
    }

    fn check_tensor(&self, TensorInfo { name, dtype, shape, .. }: &TensorInfo) -> Result<()> {
        let expected = &self.source(name)?.shape;
        if shape != expected {
            return Err(Error::Checkpoint(format!(
                "tensor {name} has the shape {shape:?}; the configuration asks for {expected:?}"
            )));
        }
        match Dtype::parse(dtype) {
            Some(_) => Ok(()),
            None => Err(Error::Checkpoint(format!(
                "tensor {name} is stored as {dtype}; accepted are F32, F16 and BF16"
            ))),
        }
    }

    fn missing(&self, Source { name, shape, .. }: &Source, count: usize) -> Error {
        match self.tensors.unusable.iter().find(|(unusable, _)| unusable == name) {
            Some((_, why)) => Error::Checkpoint(format!("tensor {name} cannot be used: {why}")),
            None => Error::Checkpoint(format!(
                "tensor {name} {shape:?}, which the configuration asks for, is missing among {count} tensors"
            )),
        }
    }
}

fn read_choices(json: &str) -> Result<Choices> {
    serde_json::from_str(json).map_err(|cause| Error::Config(format!("a choice is not understood ({cause})")))
}

fn find_layout(header: &Header) -> Result<(Layout, String)> {
    let names: Vec<&str> = header.tensors.iter().map(|tensor| tensor.name.as_str()).collect();
    Layout::find(&names).ok_or_else(|| no_tower(header))
}

fn is_open_clip(json: &str) -> bool {
    serde_json::from_str::<Value>(json).is_ok_and(|config| config.get("model_cfg").is_some())
}

/// - `size`: height and width of the input, in pixels
/// - `prefix`: of the tensors' names; behind `image_encoder.` are CLIP-ReID's and CLIP-HandID's models
fn preprocessor([height, width]: [usize; 2], prefix: &str, choices: &Choices) -> (String, [Assumption; 2]) {
    let is_reid = prefix.ends_with("image_encoder.");
    let (resize, mean_std) = match (is_reid, [height, width]) {
        (false, _) if height == width => (ResizeMode::Shortest, MeanStd::Clip),
        (false, _) => (ResizeMode::Squash, MeanStd::Clip),
        (true, [224, 224]) => (ResizeMode::Squash, MeanStd::Imagenet),
        (true, _) => (ResizeMode::Squash, MeanStd::Half),
    };
    let (resize, mean_std) = (choices.resize.unwrap_or(resize), choices.mean_std.unwrap_or(mean_std));
    let reason = match is_reid {
        true => "Concluded from image_encoder. in the names: CLIP-ReID and CLIP-HandID do so.",
        false => "CLIP's own; the weights do not tell.",
    };
    let assume = |field, value: Value, choices: &[&str]| Assumption {
        field,
        value: value.as_str().unwrap_or_default().into(),
        choices: choices.iter().map(|&choice| choice.into()).collect(),
        reason: reason.into(),
    };
    let size = match resize {
        ResizeMode::Shortest => json!({"shortest_edge": height.max(width)}),
        ResizeMode::Squash => json!({"height": height, "width": width}),
    };
    let [mean, std] = mean_std.values();
    let text = json!({
        "size": size,
        "do_center_crop": resize == ResizeMode::Shortest,
        "crop_size": {"height": height, "width": width},
        "image_mean": mean,
        "image_std": std,
    });
    let assumptions = [
        assume("resize", json!(resize), &["shortest", "squash"]),
        assume("mean_std", json!(mean_std), &["clip", "imagenet", "half"]),
    ];
    (text.to_string(), assumptions)
}

fn other_kind(config: &Architecture) -> Error {
    let found = match config {
        Architecture::Transformer(_) => "a ResNet",
        Architecture::ResNet(_) => "a Vision Transformer",
    };
    Error::Checkpoint(format!(
        "its tensors are those of {found}, but its configuration describes another network ({})",
        config.description()
    ))
}

fn no_tower(header: &Header) -> Error {
    let first = header.tensors.first().map_or("none", |tensor| tensor.name.as_str());
    Error::Checkpoint(format!(
        "none of its {} tensors (first: {first}) is the class embedding or the attention pooling of a CLIP image encoder; accepted are the layouts \
         of transformers (vision_model.…), of OpenAI and OpenCLIP (visual.…), and of CLIP-ReID (image_encoder.…)",
        header.tensors.len()
    ))
}
