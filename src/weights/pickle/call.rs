//! What calling a class or function returns: values, without a call.

use super::super::element::Element;
use super::cursor::Halt;
use super::global::Global;
use super::machine::Machine;
use super::stack::malformed;
use super::value::{Class, Node, Object, Span, Storage, Tensor, Value};

/// Torch's tensors have at most this many axes.
const MAX_AXES: usize = 64;
const MAX_KEY_BYTES: usize = 256;

impl Machine<'_> {
    /// What `function` returns for a tuple of arguments.
    pub(super) fn call(&mut self, function: Value, arguments: Value) -> Result<Value, Halt> {
        let Some(Node::Global(global)) = self.stack.node(function) else {
            // A method of an object that is not known.
            return self.object(self.class_of(function));
        };
        let global = *global;
        let arguments = self
            .stack
            .sequence(arguments)?
            .ok_or_else(|| malformed("a call without a tuple of arguments"))?;
        match global {
            Global::RebuildTensor => self.tensor(&arguments, None),
            Global::RebuildTyped => self.typed_tensor(&arguments),
            Global::First => arguments.first().copied().ok_or_else(|| malformed("a call without arguments")),
            Global::RebuildFromType => self.rebuild_from_type(&arguments),
            Global::Dict => self.dict(&arguments),
            Global::DefaultDict => self.stack.make(Node::Dict(Vec::new())),
            Global::Storage(_) | Global::Dtype(_) => self.object(Class::Unknown),
            Global::Opaque(class) => self.object(class),
        }
    }

    /// The storage that the tuple `id` describes: `("storage", class, key, location, count)`.
    pub(super) fn persistent(&mut self, id: Value) -> Result<Value, Halt> {
        let fields = self.stack.sequence(id)?.ok_or_else(|| malformed("a persistent id that is no tuple"))?;
        match fields[..] {
            // Torch before 0.4 stored views of storages. Nothing that is read here is one.
            [Value::Text(kind), class, Value::Text(_), _, Value::Int(_), view]
                if self.bytes_of(kind) == b"storage" && !matches!(view, Value::Plain) =>
            {
                self.object(self.class_of(class))
            }
            [Value::Text(kind), class, Value::Text(key), _, Value::Int(count), ..]
                if self.bytes_of(kind) == b"storage" =>
            {
                self.storage(class, key, count)
            }
            // Torch before 1.6 stored the source of a module's class beside it.
            [Value::Text(kind), class, ..] if self.bytes_of(kind) == b"module" => Ok(class),
            _ => Err(malformed("a persistent id that is not that of a storage")),
        }
    }

    fn storage(&mut self, class: Value, key: Span, count: i64) -> Result<Value, Halt> {
        let Some(Node::Global(Global::Storage(element))) = self.stack.node(class) else {
            return self.object(self.class_of(class));
        };
        if (key.end - key.start) as usize > MAX_KEY_BYTES {
            return Err(malformed("a storage with a name of more than 256 bytes"));
        }
        let count = u64::try_from(count).map_err(|_| malformed("a storage of negative length"))?;
        let storage = Storage { key, element, count };
        self.storages.push(storage);
        self.stack.make(Node::Storage(storage))
    }

    /// A tensor whose number format is the argument at index 6.
    fn typed_tensor(&mut self, arguments: &[Value]) -> Result<Value, Halt> {
        let dtype = *arguments.get(6).ok_or_else(|| malformed("a tensor without a number format"))?;
        match self.stack.node(dtype) {
            Some(Node::Global(Global::Dtype(element))) => self.tensor(arguments, Some(*element)),
            _ => self.object(self.class_of(dtype)),
        }
    }

    fn tensor(&mut self, arguments: &[Value], element: Option<&'static Element>) -> Result<Value, Halt> {
        let [storage, Value::Int(offset), shape, strides, ..] = *arguments else {
            return Err(malformed("a tensor without storage, offset, shape and strides"));
        };
        let storage = match self.stack.node(storage) {
            Some(Node::Storage(storage)) => *storage,
            Some(Node::Object(_)) => return self.object(self.class_of(storage)),
            _ => return Err(malformed("a tensor without a storage")),
        };
        let (shape, strides) = (self.lengths(shape)?, self.lengths(strides)?);
        if shape.len() != strides.len() || shape.len() > MAX_AXES {
            return Err(malformed("a tensor with more axes than strides, or fewer, or more than 64"));
        }
        let offset = u64::try_from(offset).map_err(|_| malformed("a tensor with a negative offset"))?;
        let element = element.unwrap_or(storage.element);
        self.stack.make(Node::Tensor(Box::new(Tensor { storage, element, offset, shape, strides })))
    }

    fn rebuild_from_type(&mut self, arguments: &[Value]) -> Result<Value, Halt> {
        let [function, _, arguments, ..] = *arguments else {
            return Err(malformed("a tensor of a derived class without its parts"));
        };
        // Never another one of these: the depth of calls is two.
        match self.stack.node(function) {
            Some(Node::Global(Global::RebuildFromType)) => Err(malformed("a tensor derived within itself")),
            _ => self.call(function, arguments),
        }
    }

    /// - `arguments`: none, or a list of pairs
    fn dict(&mut self, arguments: &[Value]) -> Result<Value, Halt> {
        let pairs =
            arguments.first().map_or(Ok(None), |pairs| self.stack.sequence(*pairs))?.unwrap_or_default();
        let pair = |pair| match self.stack.node(pair)? {
            Node::Tuple(pair) | Node::List(pair) => pair.as_array().map(|[key, value]| (*key, *value)),
            _ => None,
        };
        let pairs = pairs.into_iter().filter_map(pair).collect();
        self.stack.make(Node::Dict(pairs))
    }

    /// An object of an unknown class.
    pub(super) fn object(&mut self, class: Class) -> Result<Value, Halt> {
        self.stack.make(Node::Object(Box::new(Object { class, items: Vec::new(), state: Value::Plain })))
    }

    fn class_of(&self, value: Value) -> Class {
        match self.stack.node(value) {
            Some(Node::Global(Global::Opaque(class))) => *class,
            Some(Node::Object(object)) => object.class,
            _ => Class::Unknown,
        }
    }

    fn lengths(&mut self, value: Value) -> Result<Vec<u64>, Halt> {
        let length = |value: &Value| match value {
            Value::Int(length) => u64::try_from(*length).ok(),
            _ => None,
        };
        let lengths = self.stack.sequence(value)?.and_then(|values| values.iter().map(length).collect());
        lengths.ok_or_else(|| malformed("a tensor whose shape or strides are not numbers of 0 or more"))
    }
}
