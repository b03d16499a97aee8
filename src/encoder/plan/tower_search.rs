//! Which image towers a file holds, and which of its tensors belong to which.

use std::collections::HashMap;

use crate::encoder::Layout;
use crate::encoder::naming::layout::{CAMERAS, neck_parts};
use crate::encoder::options::choices::Assumption;
use crate::weights::{Header, TensorInfo};
use crate::{Error, Result};

/// What wrappers of modules put into names: DistributedDataParallel, `torch.compile`, FSDP, activation checkpointing.
const WRAPPERS: [&str; 5] =
    ["module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_forward_module"];

/// Ends of the names that tell a layout, and from whose beginnings all names of the tower are made.
const TELLTALES: [(&str, Layout, bool); 4] = [
    ("vision_model.embeddings.class_embedding", Layout::Transformers, false),
    ("embeddings.class_embedding", Layout::Transformers, true),
    ("class_embedding", Layout::OpenAi, false),
    ("attnpool.positional_embedding", Layout::ResNet, false),
];

/// Parts of names that averages and teachers have; their towers are not taken unless somebody chooses them.
const COPIES: [&str; 6] = ["ema", "teacher", "momentum", "target", "swa", "averag"];

/// An image tower of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tower {
    pub layout: Layout,
    /// Before all its names.
    pub prefix: String,
    /// Whether transformers' names lack the `vision_model.` that they have elsewhere.
    is_bare: bool,
}

/// Where CLIP-ReID and CLIP-HandID keep their encoder.
const REID: &str = "image_encoder";

impl Tower {
    /// The towers of a file, in its order; one whose bytes are another's is not listed again.
    pub fn all(header: &Header) -> Vec<Self> {
        let mut towers: Vec<(Self, &TensorInfo)> = Vec::new();
        for tensor in &header.tensors {
            let Some(tower) = Self::of(&tensor.name) else { continue };
            if !towers.iter().any(|(_, other)| other.bytes == tensor.bytes) {
                towers.push((tower, tensor));
            }
        }
        towers.into_iter().map(|(tower, _)| tower).collect()
    }

    /// The tower that the name of a telltale tensor belongs to.
    pub fn of(name: &str) -> Option<Self> {
        TELLTALES.into_iter().find_map(|(telltale, layout, is_bare)| {
            Some(Self { layout, prefix: prefix_before(name, telltale)?, is_bare })
        })
    }

    /// The one that is taken if nobody chooses: the first that is no average and no teacher.
    ///
    /// - `wished`: a prefix, also without its last dot
    ///
    /// # Errors
    ///
    /// [`Error::Config`] lists the prefixes if it is none of them.
    pub fn choose<'a>(towers: &'a [Self], wished: Option<&str>) -> Result<&'a Self> {
        let is_wished =
            |prefix: &str, wished: &str| prefix.trim_end_matches('.') == wished.trim_end_matches('.');
        let found = match wished {
            Some(wished) => towers.iter().find(|tower| is_wished(&tower.prefix, wished)),
            None => towers.iter().find(|tower| !tower.is_copy()).or(towers.first()),
        };
        found.ok_or_else(|| {
            let prefixes: Vec<_> = towers.iter().map(|tower| format!("\"{}\"", tower.prefix)).collect();
            let wished = wished.unwrap_or_default();
            Error::Config(format!(
                "tower is \"{wished}\", expected a prefix of an image tower: {}",
                prefixes.join(", ")
            ))
        })
    }

    /// Whether its name says that it is an average or a teacher.
    pub fn is_copy(&self) -> bool {
        let prefix = self.prefix.to_ascii_lowercase();
        let mut words = prefix.split(|letter: char| !letter.is_ascii_alphanumeric());
        words.any(|word| COPIES.iter().any(|copy| word.starts_with(copy)))
    }

    /// What stands before the names beside a CLIP-ReID encoder, such as those of its batch norms; `None` of others'.
    pub fn reid_root(&self) -> Option<&str> {
        let mut prefix = self.prefix.strip_suffix('.')?;
        while let Some(shorter) =
            WRAPPERS.iter().find_map(|wrapper| prefix.strip_suffix(wrapper)?.strip_suffix('.'))
        {
            prefix = shorter;
        }
        prefix.strip_suffix(REID).filter(|root| root.is_empty() || root.ends_with('.'))
    }

    /// Whether the encoder is CLIP-ReID's or CLIP-HandID's.
    pub fn is_reid(&self) -> bool {
        self.reid_root().is_some()
    }

    /// Whether a tensor may be the tower's, or lie beside it where CLIP-ReID keeps what it adds.
    pub fn may_need(&self, name: &str) -> bool {
        let is_own = self.plain_name(name).is_some_and(|name| !self.layout.is_outside(&name, &self.prefix));
        let beside = self.reid_root().and_then(|root| name.strip_prefix(root));
        is_own || beside.is_some_and(|name| name == CAMERAS || neck_parts().any(|part| part == name))
    }

    /// The name that a tensor behind the prefix has without wrappers, the prefix included.
    fn plain_name(&self, name: &str) -> Option<String> {
        let rest = name.strip_prefix(&self.prefix)?;
        let parts: Vec<&str> = rest.split('.').filter(|part| !WRAPPERS.contains(part)).collect();
        let rest = parts.join(".");
        Some(match self.is_bare && !self.layout.is_outside_bare(&rest) {
            true => format!("{}vision_model.{rest}", self.prefix),
            false => format!("{}{rest}", self.prefix),
        })
    }
}

/// What stands before a telltale, with its dot; wrappers may stand between the parts of that.
fn prefix_before(name: &str, telltale: &str) -> Option<String> {
    let parts: Vec<&str> = name.split('.').collect();
    let mut end = parts.len();
    for (index, wanted) in telltale.rsplit('.').enumerate() {
        while index > 0 && end > 0 && WRAPPERS.contains(&parts[end - 1]) {
            end -= 1;
        }
        end = end.checked_sub(1).filter(|end| parts[*end] == wanted)?;
    }
    Some(parts[..end].iter().map(|part| format!("{part}.")).collect())
}

/// The tensors of a file under the names that they have without wrappers.
pub(crate) struct PlainNames<'a> {
    tensors: HashMap<String, &'a TensorInfo>,
    unusable: HashMap<String, &'a str>,
    pub prefix: &'a str,
}

impl<'a> PlainNames<'a> {
    /// # Errors
    ///
    /// [`Error::Checkpoint`] if two tensors of the tower have the same name without wrappers.
    pub fn new(header: &'a Header, towers: &[Tower], tower: &'a Tower) -> Result<Self> {
        let plain = |name: &str| {
            let owner =
                towers.iter().filter(|one| name.starts_with(&one.prefix)).max_by_key(|one| one.prefix.len());
            let is_own = owner.is_some_and(|owner| owner.prefix == tower.prefix);
            is_own.then(|| tower.plain_name(name)).flatten().unwrap_or_else(|| name.to_owned())
        };
        let mut tensors = HashMap::new();
        for tensor in &header.tensors {
            if let Some(other) = tensors.insert(plain(&tensor.name), tensor) {
                let (first, second) = (&other.name, &tensor.name);
                return Err(Error::Checkpoint(format!(
                    "tensors {first} and {second} are the same one of the image tower"
                )));
            }
        }
        let unusable = header.unusable.iter().map(|(name, why)| (plain(name), why.as_str())).collect();
        Ok(Self { tensors, unusable, prefix: &tower.prefix })
    }

    /// A tensor by its whole name.
    pub fn get(&self, name: &str) -> Option<&'a TensorInfo> {
        self.tensors.get(name).copied()
    }

    /// Why a tensor that is there cannot be read.
    pub fn obstacle(&self, name: &str) -> Option<&'a str> {
        self.unusable.get(name).copied()
    }

    /// Whether a tensor is there, readable or not.
    pub fn contains(&self, name: &str) -> bool {
        self.tensors.contains_key(name) || self.unusable.contains_key(name)
    }

    /// Whole names with their tensors, in any order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a TensorInfo)> {
        self.tensors.iter().map(|(name, tensor)| (name.as_str(), *tensor))
    }

    /// Number of tensors in the file.
    pub fn count(&self) -> usize {
        self.tensors.len()
    }
}

/// Which of several towers it is, as something that can be chosen.
pub(crate) fn tower_assumption(towers: &[Tower], tower: &Tower) -> Option<Assumption> {
    if towers.len() < 2 {
        return None;
    }
    let value = tower.prefix.clone();
    let choices = towers.iter().map(|tower| tower.prefix.clone()).collect();
    let copies = match towers.iter().any(Tower::is_copy) {
        true => {
            "Averages (EMA) and teachers are often what was evaluated; they are not taken unless you choose them."
        }
        false => "Unless you choose, the first one is taken.",
    };
    let reason = format!("The file holds {} image towers. {copies}", towers.len());
    Some(Assumption { field: "tower", value, choices, reason })
}

/// Names of other networks' tensors, and whose they are.
const FOREIGN: [(&str, &str); 7] = [
    ("visual.trunk.", "its image tower is one of timm's (visual.trunk.…)"),
    ("vision_model.head.", "it is a SigLIP model"),
    ("vision_model.embeddings.patch_embedding", "its image tower has no class token, as SigLIP's"),
    ("embeddings.cls_token", "it is a Vision Transformer of transformers such as ViT or DINOv2"),
    ("cls_token", "it is a Vision Transformer of timm such as TransReID's or DINOv2's"),
    ("text_model.", "it is a text encoder"),
    ("exp_avg", "it is the state of an optimizer"),
];

/// What a file holds in which there is no tower.
pub(crate) fn no_tower(header: &Header) -> Error {
    let first = header.tensors.first().map_or("none", |tensor| tensor.name.as_str());
    let mut foreign =
        FOREIGN.iter().filter(|(part, _)| header.tensors.iter().any(|tensor| tensor.name.contains(part)));
    let found = foreign.next().map_or_else(String::new, |(_, found)| format!("; {found}"));
    Error::Checkpoint(format!(
        "none of its {} tensors (first: {first}) is the class embedding or the attention pooling of a CLIP image \
         encoder{found}; expected the layout of transformers (vision_model.…), of OpenAI and OpenCLIP (visual.…), or of \
         CLIP-ReID (image_encoder.…)",
        header.tensors.len()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappers_are_no_part_of_a_name() {
        for (name, layout, prefix, plain) in [
            (
                "visual._orig_mod.class_embedding",
                Layout::OpenAi,
                "visual._orig_mod.",
                "visual._orig_mod.class_embedding",
            ),
            (
                "module.vision_model._fsdp_wrapped_module.embeddings.class_embedding",
                Layout::Transformers,
                "module.",
                "module.vision_model.embeddings.class_embedding",
            ),
            (
                "m.embeddings.class_embedding",
                Layout::Transformers,
                "m.",
                "m.vision_model.embeddings.class_embedding",
            ),
        ] {
            let tower = Tower::of(name).unwrap();
            assert_eq!((tower.layout, &*tower.prefix), (layout, prefix));
            assert_eq!(tower.plain_name(name).as_deref(), Some(plain));
        }
        assert_eq!(Tower::of("my_class_embedding"), None);
    }

    #[test]
    fn an_average_is_recognised_by_its_name() {
        let is_copy = |name: &str| Tower::of(&format!("{name}.class_embedding")).unwrap().is_copy();
        assert!(
            ["model_ema.visual", "ema_model", "teacher.visual", "state_dict_ema.module.visual"]
                .map(is_copy)
                .iter()
                .all(|one| *one)
        );
        assert!(!["model.visual", "student", "schema.visual"].map(is_copy).iter().any(|one| *one));
    }

    #[test]
    fn the_names_beside_an_encoder_of_clip_reid_have_its_root() {
        let root = |name: &str| Tower::of(name).unwrap().reid_root().map(str::to_owned);
        assert_eq!(root("image_encoder.class_embedding").as_deref(), Some(""));
        assert_eq!(root("module.image_encoder._orig_mod.class_embedding").as_deref(), Some("module."));
        assert_eq!(root("visual.class_embedding"), None);
        assert_eq!(root("my_image_encoder.class_embedding"), None);
    }
}
