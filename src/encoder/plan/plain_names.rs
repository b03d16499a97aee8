//! The tensors of a file under the names that they have without wrappers.

use std::collections::HashMap;

use super::tower_search::Tower;
use crate::weights::{Header, TensorInfo};
use crate::{Error, Result};

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
