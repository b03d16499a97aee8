//! The tensors in a pickled value, by name, and where their bytes are.

use std::ops::Range;

use super::pickle::{Node, Object, Pickle, Span, Storage, Tensor, Value};
use super::{Header, TensorInfo, refuse};
use crate::Result;

/// Values nested deeper than this are refused, as are values within themselves.
pub const MAX_DEPTH: usize = 64;

/// Names of tensors beyond this are refused.
pub const MAX_NAME_BYTES: usize = 1024;

/// Values that are visited and bytes of names, for each byte of the pickle and besides. One value can occur several
/// times; torch writes few that do.
const MAX_REPEATS: usize = 8;
const FREE_VISITS: usize = 1024;

/// The tensors in a pickled value.
pub(super) struct TensorTree {
    pub tensors: Vec<(String, Tensor)>,
    /// Tensors that cannot be read, and objects that may hold some; and why.
    pub unusable: Vec<(String, String)>,
}

impl TensorTree {
    /// Finds the tensors in dictionaries, lists, TorchScript objects and modules.
    ///
    /// A name consists of the keys, indices and attributes that lead to the tensor, with dots between them.
    /// In modules they are those of `state_dict()`, which leaves out some buffers that are found here.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Checkpoint`] if values are nested too deeply or names are too long.
    pub fn of(pickle: &Pickle<'_>) -> Result<Self> {
        let tree = Self { tensors: Vec::new(), unusable: Vec::new() };
        let budget = pickle.length * MAX_REPEATS + FREE_VISITS;
        let mut walk = Walk { pickle, tree, path: String::new(), depth: 0, budget };
        walk.visit(pickle.root)?;
        Ok(walk.tree)
    }

    /// The header.
    ///
    /// - `place`: the bytes of the file that hold a storage
    ///
    /// # Errors
    ///
    /// [`crate::Error::Checkpoint`] if there is no tensor, or one extends beyond the end of its storage.
    pub fn locate(self, place: impl Fn(&Storage) -> Result<Range<u64>>) -> Result<Header> {
        let Self { tensors, mut unusable } = self;
        let mut usable = Vec::new();
        for (name, tensor) in tensors {
            match tensor.obstacle() {
                Some(reason) => unusable.push((name, reason)),
                None => usable.push(tensor.info(name, &place)?),
            }
        }
        match (usable.is_empty(), unusable.first()) {
            (false, _) => Header::new(usable, unusable),
            (true, None) => Err(refuse("it holds no tensors, expected what state_dict() returns")),
            (true, Some((name, reason))) => {
                let name = if name.is_empty() { "what it holds" } else { name };
                Err(refuse(format!("it holds no tensors that can be read ({name}: {reason})")))
            }
        }
    }
}

impl Tensor {
    /// Why the tensor cannot be read in place.
    pub fn obstacle(&self) -> Option<String> {
        let Self { element, shape, strides, .. } = self;
        if element.name.is_none() {
            return Some(format!(
                "its elements are torch.{}, which safetensors files cannot hold",
                element.torch
            ));
        }
        let by_rows = self.is_row_major();
        (!by_rows).then(|| {
            format!(
                "its elements are not stored row by row (shape {shape:?}, strides {strides:?}): save its .contiguous()"
            )
        })
    }

    fn is_row_major(&self) -> bool {
        let axes = self.shape.iter().zip(&self.strides).rev();
        let mut expected = Some(1_u64);
        let mut by_rows = true;
        for (length, stride) in axes.filter(|(length, _)| **length != 1) {
            by_rows &= expected == Some(*stride);
            expected = expected.and_then(|stride| stride.checked_mul(*length));
        }
        by_rows || self.shape.contains(&0)
    }

    fn info(self, name: String, place: impl Fn(&Storage) -> Result<Range<u64>>) -> Result<TensorInfo> {
        let Self { storage, element, offset, shape, .. } = self;
        let bytes = place(&storage)?;
        let count = shape.iter().try_fold(1_u64, |count, length| count.checked_mul(*length));
        let start = offset.checked_mul(element.bytes).and_then(|offset| bytes.start.checked_add(offset));
        let end = count.and_then(|count| count.checked_mul(element.bytes)).zip(start);
        let end = end.and_then(|(length, start)| start.checked_add(length)).filter(|end| *end <= bytes.end);
        let (Some(start), Some(end)) = (start, end) else {
            let found = bytes.end - bytes.start;
            return Err(refuse(format!(
                "tensor {name} {shape:?} of torch.{}, from element {offset} on, does not fit into its storage of \
                 {found} bytes",
                element.torch
            )));
        };
        let shape = shape.iter().map(|length| usize::try_from(*length).ok()).collect::<Option<_>>();
        let shape =
            shape.ok_or_else(|| refuse(format!("tensor {name} has an axis too long for this machine")))?;
        Ok(TensorInfo { name, dtype: element.name.unwrap_or_default().to_owned(), shape, bytes: start..end })
    }
}

/// A way through a pickled value.
struct Walk<'a> {
    pickle: &'a Pickle<'a>,
    tree: TensorTree,
    path: String,
    depth: usize,
    budget: usize,
}

impl<'a> Walk<'a> {
    fn visit(&mut self, value: Value) -> Result<()> {
        self.spend(1)?;
        let pickle = self.pickle;
        match pickle.node(value) {
            Some(Node::Tensor(tensor)) => {
                self.spend(self.path.len() + 16 * tensor.shape.len())?;
                self.tree.tensors.push((self.path.clone(), Tensor::clone(tensor)));
                Ok(())
            }
            Some(Node::Dict(items)) => self.items(items),
            Some(Node::List(values) | Node::Tuple(values)) => values
                .iter()
                .enumerate()
                .try_for_each(|(index, value)| self.child(&index.to_string(), *value)),
            Some(Node::Object(object)) => self.object(object),
            Some(Node::Global(_) | Node::Storage(_)) | None => Ok(()),
        }
    }

    fn items(&mut self, items: &[(Value, Value)]) -> Result<()> {
        for (key, value) in items {
            self.spend(1)?;
            match key {
                Value::Text(key) => self.named_child(*key, *value)?,
                Value::Int(key) => self.child(&key.to_string(), *value)?,
                Value::Plain | Value::Node(_) => (),
            }
        }
        Ok(())
    }

    fn object(&mut self, object: &Object) -> Result<()> {
        if let Some(Node::Dict(attributes)) = self.pickle.node(object.state) {
            self.spend(attributes.len())?;
        }
        if let Some(parts) = self.parts_of_module(object.state) {
            return self.deeper(|walk| parts.into_iter().try_for_each(|part| walk.visit(part)));
        }
        let class = self.pickle.class(object.class);
        if class.starts_with("__torch__.") {
            return self.deeper(|walk| walk.visit(object.state));
        }
        if object.items.is_empty() {
            self.spend(self.path.len() + class.len())?;
            let reason =
                format!("it is what {class} makes, and only tensors, containers and modules are read");
            self.tree.unusable.push((self.path.clone(), reason));
        }
        self.items(&object.items)
    }

    /// Parameters, buffers and sub-modules of a module, if `state` is that of one.
    fn parts_of_module(&self, state: Value) -> Option<Vec<Value>> {
        let Some(Node::Dict(items)) = self.pickle.node(state) else { return None };
        let part = |name: &str| {
            let is_part = |(key, _): &&(Value, Value)| match key {
                Value::Text(span) => self.pickle.bytes_of(*span) == name.as_bytes(),
                _ => false,
            };
            items.iter().find(is_part).map(|(_, part)| *part)
        };
        Some(vec![part("_parameters")?, part("_buffers")?, part("_modules")?])
    }

    fn named_child(&mut self, key: Span, value: Value) -> Result<()> {
        if (key.end - key.start) as usize > MAX_NAME_BYTES {
            return Err(too_long());
        }
        let key = self.pickle.text(key);
        self.child(&key, value)
    }

    fn child(&mut self, key: &str, value: Value) -> Result<()> {
        let length = self.path.len();
        if length > 0 {
            self.path.push('.');
        }
        self.path.push_str(key);
        if self.path.len() > MAX_NAME_BYTES {
            return Err(too_long());
        }
        self.deeper(|walk| walk.visit(value))?;
        self.path.truncate(length);
        Ok(())
    }

    fn deeper(&mut self, inside: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(refuse(format!(
                "values in its pickle are nested deeper than {MAX_DEPTH} levels, or within themselves"
            )));
        }
        inside(self)?;
        self.depth -= 1;
        Ok(())
    }

    fn spend(&mut self, cost: usize) -> Result<()> {
        match self.budget.checked_sub(cost) {
            Some(rest) => {
                self.budget = rest;
                Ok(())
            }
            None => Err(refuse("values in its pickle are repeated more often than torch does")),
        }
    }
}

fn too_long() -> crate::Error {
    refuse(format!("a tensor in it has a name of more than {MAX_NAME_BYTES} bytes, expected a shorter one"))
}
