//! From what a weight file holds, and maybe a configuration, to what the encoder is and needs.

use std::collections::BTreeMap;

use super::errors::{missing, other_family, unknown};
use super::no_tower::no_tower;
use super::plain_names::PlainNames;
use super::shapes::Shapes;
use super::tower_search::{Tower, tower_assumption};
use crate::encoder::family::inference::infer;
use crate::encoder::naming::source::TensorSource;
use crate::encoder::naming::{Naming, clip_reid};
use crate::encoder::options::arithmetic::{self, Arithmetic};
use crate::encoder::options::assumption::Assumption;
use crate::encoder::options::choices::Choices;
use crate::encoder::options::conflicts::{check_followed, check_own_pixels};
use crate::encoder::options::input_size::{self, resized};
use crate::encoder::options::preprocessing::{PIXEL_FIELDS, assumed_preprocessing};
use crate::encoder::vit::cameras::with_cameras;
use crate::encoder::vit::feature::with_feature;
use crate::encoder::vit::tensor::VitTensor;
use crate::encoder::{Architecture, Augmentation, ConfigFile, VitConfig};
use crate::weights::{Dtype, Header, Subset, TensorInfo};
use crate::{Error, Result};

/// The image tower of a weight file: its configuration, and which tensors it consists of.
#[derive(Clone, Debug)]
pub struct TowerPlan {
    config: Architecture,
    naming: Naming,
    sources: BTreeMap<String, TensorSource>,
    tensors: Header,
    /// The tensors needed with any choices.
    kept: Header,
    assumptions: Vec<Assumption>,
    preprocessor: String,
    arithmetic: Arithmetic,
    augmentation: Augmentation,
    choices: Choices,
}

impl TowerPlan {
    /// Plans the encoder of a weight file.
    ///
    /// - `config`: without one the shapes of the tensors tell. OpenCLIP's keys of the image tower are followed or
    ///   refused by name; so are those of transformers' `CLIPVisionConfig`, whose other keys are ignored; weights that
    ///   then do not fit are refused
    /// - `choices`: corrections of the assumptions, as JSON: `{"activation": "gelu", "heads": 12, "mean_std": "half",
    ///   "resize": "squash", "feature": "neck", "image_size": "256x128", "arithmetic": "i8", "augmentation": "flip",
    ///   "tower": "model_ema.visual.", "stride": 12, "camera_embedding": "used", "camera_coefficient": 1}`
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if a text is not understood, or a choice is not followed because the configuration says
    /// something else or the network has no such thing; [`Error::Checkpoint`] names the first tensor that is missing,
    /// unknown, or of another shape or number format than expected.
    pub fn new(header: &Header, config: Option<ConfigFile<'_>>, choices: Option<&str>) -> Result<Self> {
        let choices = choices.map_or(Ok(Choices::default()), Choices::from_json)?;
        let arithmetic = choices.arithmetic.unwrap_or_default();
        arithmetic.check()?;
        let augmentation = choices.augmentation.unwrap_or_default();
        let mut plan = Self::with_choices(header, config, &choices)?;
        plan.assumptions.extend(arithmetic::assumption(&plan.config, arithmetic));
        plan.assumptions.push(augmentation.assumption());
        Ok(Self { arithmetic, augmentation, choices, ..plan })
    }

    /// All but arithmetic and augmentation.
    fn with_choices(header: &Header, file: Option<ConfigFile<'_>>, choices: &Choices) -> Result<Self> {
        let towers = Tower::all(header);
        let tower = chosen(header, &towers, choices.tower.as_deref())?;
        let names = PlainNames::new(header, &towers, tower)?;
        let shapes = Shapes { names: &names };
        let mut assumptions: Vec<_> = tower_assumption(&towers, tower).into_iter().collect();
        let config = match file {
            Some(file) => file.read()?,
            None => {
                let (config, concluded) = infer(&shapes, tower, choices)?;
                assumptions.extend(concluded);
                config
            }
        };
        let (config, feature) = with_feature(config, &shapes, tower, choices);
        let (config, about_cameras) = with_cameras(config, &names, tower, choices)?;
        let config = resized(config, choices.image_size.as_deref())?;
        check_followed(choices, &config, file.map(|file| file.name))?;
        assumptions.extend(feature.into_iter().chain(about_cameras).chain(input_size::assumption(&config)));
        let preprocessor = match file.filter(ConfigFile::has_pixels) {
            Some(file) => {
                check_own_pixels(choices, file.name)?;
                file.text.to_owned()
            }
            None => {
                let (text, concluded) = assumed_preprocessing(config.trained_size(), tower.origin(), choices);
                assumptions.extend(concluded);
                text
            }
        };
        Ok(Self { assumptions, preprocessor, ..Self::of_tower(header, &towers, tower, &names, config)? })
    }

    /// Plans an encoder whose shape is known.
    ///
    /// # Errors
    ///
    /// As [`TowerPlan::new`].
    pub fn with_config(header: &Header, config: impl Into<Architecture>) -> Result<Self> {
        let towers = Tower::all(header);
        let tower = chosen(header, &towers, None)?;
        let names = PlainNames::new(header, &towers, tower)?;
        Self::of_tower(header, &towers, tower, &names, config.into())
    }

    fn of_tower(
        header: &Header,
        towers: &[Tower],
        tower: &Tower,
        names: &PlainNames,
        config: Architecture,
    ) -> Result<Self> {
        let naming = tower.naming;
        let named = naming.sources(&config, &tower.prefix).filter(|_| config.family() == tower.family);
        let mut sources = named.ok_or_else(|| other_family(tower.family, &config))?;
        sources.extend(beside(&config, tower.origin().root()));
        let mut inside: Vec<TensorInfo> = Vec::new();
        let (mut found, mut gone) = (BTreeMap::new(), None);
        for source in sources {
            match names.get(&source.name) {
                Some(tensor) => drop(found.insert(tensor.name.clone(), source)),
                None => gone = gone.or(Some(source)),
            }
        }
        for (name, tensor) in names.iter() {
            if found.contains_key(&tensor.name) {
                inside.push(tensor.clone());
            } else if !naming.is_outside(tower.family, name, &tower.prefix)
                && !is_left_out(name, &config, tower)
            {
                return Err(unknown(&tensor.name, &config, naming));
            }
        }
        // After the unknown ones: a tensor under a wrong name is both unknown and missing.
        if let Some(source) = gone {
            return Err(missing(&source, names));
        }
        inside.sort_by_key(|tensor| (tensor.bytes.start, tensor.bytes.end));
        let (preprocessor, _) =
            assumed_preprocessing(config.trained_size(), tower.origin(), &Choices::default());
        let plan = Self {
            config,
            naming,
            sources: found,
            tensors: Header { tensors: inside, unusable: Vec::new() },
            kept: kept(header, towers),
            assumptions: Vec::new(),
            preprocessor,
            arithmetic: Arithmetic::default(),
            augmentation: Augmentation::default(),
            choices: Choices::default(),
        };
        plan.tensors().iter().try_for_each(|tensor| plan.check_tensor(tensor))?;
        Ok(plan)
    }

    /// Family and shape of the network.
    pub fn config(&self) -> &Architecture {
        &self.config
    }

    /// How the file names the tensors.
    pub fn naming(&self) -> Naming {
        self.naming
    }

    /// What was concluded rather than read.
    pub fn assumptions(&self) -> &[Assumption] {
        &self.assumptions
    }

    /// What the CPU is to compute with.
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

    /// The same for a model with its own preprocessing: nothing is assumed about the pixels.
    ///
    /// - `file`: where the preprocessing is described, such as `preprocessor_config.json`
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if something about the pixels was chosen, which would be ignored.
    pub fn with_own_pixels(mut self, file: &str) -> Result<Self> {
        check_own_pixels(&self.choices, file)?;
        self.assumptions.retain(|assumption| !PIXEL_FIELDS.contains(&assumption.field));
        Ok(self)
    }

    /// Test-time augmentation.
    pub fn augmentation(&self) -> Augmentation {
        self.augmentation
    }

    /// What to do with the pixels, for [`Architecture::trained_size`], if the model comes without a
    /// `preprocessor_config.json`: the text of one, or of `open_clip_config.json`.
    pub fn preprocessor(&self) -> &str {
        &self.preprocessor
    }

    /// The tensors that the encoder needs, in the order of the file.
    pub fn tensors(&self) -> &[TensorInfo] {
        &self.tensors.tensors
    }

    /// The tensors that the encoder needs with these or any other choices, in the order of the file.
    pub fn kept_tensors(&self) -> &[TensorInfo] {
        &self.kept.tensors
    }

    /// A smaller file with nothing but the tensors that are kept.
    pub fn subset(&self) -> Subset {
        let names: Vec<&str> = self.kept_tensors().iter().map(|tensor| tensor.name.as_str()).collect();
        self.kept.subset(&names)
    }

    /// The beginning of a file with nothing but the tensors that are kept, F32 as F16.
    pub fn half_header(&self) -> Vec<u8> {
        self.kept.half_header()
    }

    /// What the encoder makes of a tensor of the file.
    pub(crate) fn source(&self, name: &str) -> Result<&TensorSource> {
        self.sources.get(name).ok_or_else(|| unknown(name, &self.config, self.naming))
    }

    /// The tensors that the encoder is made from.
    pub(crate) fn sources(&self) -> impl Iterator<Item = &TensorSource> {
        self.sources.values()
    }

    fn check_tensor(&self, TensorInfo { name, dtype, shape, .. }: &TensorInfo) -> Result<()> {
        let expected = &self.source(name)?.shape;
        if shape != expected {
            return Err(Error::Checkpoint(format!(
                "tensor {name} has the shape {shape:?}, expected {expected:?} by the configuration"
            )));
        }
        match Dtype::parse(dtype) {
            Some(_) => Ok(()),
            None => Err(Error::Checkpoint(format!(
                "tensor {name} is stored as {dtype}, expected F32, F16 or BF16"
            ))),
        }
    }
}

/// Whether a tensor is the projection of a tower whose embedding is what is before it.
fn is_left_out(name: &str, config: &Architecture, tower: &Tower) -> bool {
    let has_projection = config.vit().is_none_or(VitConfig::has_projection);
    !has_projection
        && name.strip_prefix(&tower.prefix) == Some(&tower.naming.vit().name(VitTensor::Projection))
}

/// The tensors that any of the towers needs, whatever is chosen.
fn kept(header: &Header, towers: &[Tower]) -> Header {
    let is_kept = |tensor: &&TensorInfo| towers.iter().any(|tower| tower.may_need(&tensor.name));
    Header { tensors: header.tensors.iter().filter(is_kept).cloned().collect(), unusable: Vec::new() }
}

/// What a network needs of the tensors beside an encoder of CLIP-ReID.
fn beside(config: &Architecture, root: Option<&str>) -> Vec<TensorSource> {
    config.vit().map_or_else(Vec::new, |config| clip_reid::sources(config, root.unwrap_or_default()))
}

fn chosen<'a>(header: &Header, towers: &'a [Tower], requested: Option<&str>) -> Result<&'a Tower> {
    match towers {
        [] => Err(no_tower(header)),
        towers => Tower::choose(towers, requested),
    }
}
