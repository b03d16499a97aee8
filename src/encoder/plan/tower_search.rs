//! Which image towers a file holds, and which of its tensors belong to which.

use crate::encoder::family::Family;
use crate::encoder::naming::clip_reid::{CAMERAS, neck_names};
use crate::encoder::naming::wrappers::{is_wrapper, without_wrappers};
use crate::encoder::naming::{Naming, openai, transformers};
use crate::encoder::options::assumption::Assumption;
use crate::encoder::origin::Origin;
use crate::weights::{Header, TensorInfo};
use crate::{Error, Result};

/// Words that mark averages and teachers; their towers are taken only if somebody chooses them.
const COPIES: [&str; 6] = ["ema", "teacher", "momentum", "target", "swa", "averag"];

/// An image tower of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Tower {
    pub naming: Naming,
    pub family: Family,
    /// What comes before all its names.
    pub prefix: String,
    /// Whether transformers' names lack the `vision_model.` that they usually have.
    is_bare: bool,
}

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

    /// The tower that is recognised by this tensor.
    pub fn of(name: &str) -> Option<Self> {
        let bare = transformers::CLASS_TOKEN.trim_start_matches(transformers::TOWER);
        let telltales = [
            (transformers::CLASS_TOKEN, Naming::Transformers, Family::Vit, false),
            (bare, Naming::Transformers, Family::Vit, true),
            (openai::CLASS_TOKEN, Naming::OpenAi, Family::Vit, false),
            (openai::ATTENTION_POOL, Naming::OpenAi, Family::ResNet, false),
        ];
        telltales.into_iter().find_map(|(telltale, naming, family, is_bare)| {
            Some(Self { naming, family, prefix: prefix_before(name, telltale)?, is_bare })
        })
    }

    /// The requested tower, or the first that is neither an average nor a teacher.
    ///
    /// - `requested`: a prefix, also without its last dot
    ///
    /// # Errors
    ///
    /// [`Error::Config`] lists the prefixes if it is none of them.
    pub fn choose<'a>(towers: &'a [Self], requested: Option<&str>) -> Result<&'a Self> {
        let is_requested =
            |prefix: &str, requested: &str| prefix.trim_end_matches('.') == requested.trim_end_matches('.');
        let found = match requested {
            Some(requested) => towers.iter().find(|tower| is_requested(&tower.prefix, requested)),
            None => towers.iter().find(|tower| !tower.is_copy()).or(towers.first()),
        };
        found.ok_or_else(|| {
            let prefixes: Vec<_> = towers.iter().map(|tower| format!("\"{}\"", tower.prefix)).collect();
            let requested = requested.unwrap_or_default();
            Error::Config(format!(
                "tower is \"{requested}\", expected a prefix of an image tower: {}",
                prefixes.join(", ")
            ))
        })
    }

    /// Whether its name marks it as an average or a teacher.
    pub fn is_copy(&self) -> bool {
        let prefix = self.prefix.to_ascii_lowercase();
        let mut words = prefix.split(|letter: char| !letter.is_ascii_alphanumeric());
        words.any(|word| COPIES.iter().any(|copy| word.starts_with(copy)))
    }

    /// Whose file it comes from.
    pub fn origin(&self) -> Origin<'_> {
        Origin::of(&self.prefix)
    }

    /// Whether a tensor may be the tower's, or lie beside it where CLIP-ReID keeps what it adds.
    pub fn may_need(&self, name: &str) -> bool {
        let is_own = self
            .plain_name(name)
            .is_some_and(|name| !self.naming.is_outside(self.family, &name, &self.prefix));
        let beside = self.origin().root().and_then(|root| name.strip_prefix(root));
        is_own || beside.is_some_and(|name| name == CAMERAS || neck_names().any(|part| part == name))
    }

    /// A tensor's name without wrappers after the prefix, the prefix included.
    pub fn plain_name(&self, name: &str) -> Option<String> {
        let rest = name.strip_prefix(&self.prefix)?;
        let rest = without_wrappers(rest);
        Some(match self.is_bare && transformers::is_bare(&rest) {
            true => format!("{}{}{rest}", self.prefix, transformers::TOWER),
            false => format!("{}{rest}", self.prefix),
        })
    }
}

/// What comes before a telltale, with its dot; wrappers may be between the words of the telltale.
fn prefix_before(name: &str, telltale: &str) -> Option<String> {
    let parts: Vec<&str> = name.split('.').collect();
    let mut end = parts.len();
    for (index, wanted) in telltale.rsplit('.').enumerate() {
        while index > 0 && end > 0 && is_wrapper(parts[end - 1]) {
            end -= 1;
        }
        end = end.checked_sub(1).filter(|end| parts[*end] == wanted)?;
    }
    Some(parts[..end].iter().map(|part| format!("{part}.")).collect())
}

/// Which of several towers is used, as something that can be chosen.
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrappers_are_no_part_of_a_name() {
        for (name, naming, prefix, plain) in [
            (
                "visual._orig_mod.class_embedding",
                Naming::OpenAi,
                "visual._orig_mod.",
                "visual._orig_mod.class_embedding",
            ),
            (
                "module.vision_model._fsdp_wrapped_module.embeddings.class_embedding",
                Naming::Transformers,
                "module.",
                "module.vision_model.embeddings.class_embedding",
            ),
            (
                "m.embeddings.class_embedding",
                Naming::Transformers,
                "m.",
                "m.vision_model.embeddings.class_embedding",
            ),
        ] {
            let tower = Tower::of(name).unwrap();
            assert_eq!((tower.naming, &*tower.prefix), (naming, prefix));
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
}
