//! What calling a class or function gives: values, never a call.

use super::super::element::Element;
use super::cursor::Halt;
use super::global::Global;
use super::machine::{Machine, malformed};
use super::value::{Class, Node, Object, Storage, Tensor, Value};

impl Machine<'_> {
    /// What `function` gives for a tuple of arguments.
    pub(super) fn call(&mut self, function: Value, arguments: Value) -> Result<Value, Halt> {
        let Some(Node::Global(global)) = self.node(function) else {
            // A method of an object that is not known.
            return self.object(self.class_of(function));
        };
        let global = *global;
        let arguments =
            self.sequence(arguments)?.ok_or_else(|| malformed("a call without a tuple of arguments"))?;
        match global {
            Global::RebuildTensor => self.tensor(&arguments, None),
            Global::RebuildTyped => {
                let element = arguments.get(6).and_then(|dtype| self.dtype(*dtype));
                match element {
                    Some(element) => self.tensor(&arguments, Some(element)),
                    None => {
                        self.object(arguments.get(6).map_or(Class::Unknown, |dtype| self.class_of(*dtype)))
                    }
                }
            }
            Global::First => arguments.first().copied().ok_or_else(|| malformed("a call without arguments")),
            Global::RebuildFromType => self.rebuild_from_type(&arguments),
            Global::Dict => self.dict(&arguments),
            Global::DefaultDict => self.push_node(Node::Dict(Vec::new())),
            Global::Storage(_) | Global::Dtype(_) => self.object(Class::Unknown),
            Global::Opaque(class) => self.object(class),
        }
    }

    /// The storage that the tuple `id` describes: `("storage", class, key, location, count)`.
    pub(super) fn persistent(&mut self, id: Value) -> Result<Value, Halt> {
        let fields = self.sequence(id)?.ok_or_else(|| malformed("a persistent id that is no tuple"))?;
        match fields[..] {
            [Value::Text(kind), class, Value::Text(key), _, Value::Int(count), ..]
                if self.bytes_of(kind) == b"storage" =>
            {
                // Torch before 0.4 stored views of storages; nothing that is read here is one.
                let is_view = fields.get(5).is_some_and(|view| !matches!(view, Value::Plain));
                let Some(Node::Global(Global::Storage(element))) = self.node(class).filter(|_| !is_view)
                else {
                    return self.object(self.class_of(class));
                };
                let count = u64::try_from(count).map_err(|_| malformed("a storage of negative length"))?;
                let storage = Storage { key, element, count };
                self.storages.push(storage);
                self.push_node(Node::Storage(storage))
            }
            // Torch before 1.6 stored the source of a module's class beside it.
            [Value::Text(kind), class, ..] if self.bytes_of(kind) == b"module" => Ok(class),
            _ => Err(malformed("a persistent id that is not that of a storage")),
        }
    }

    fn tensor(&mut self, arguments: &[Value], element: Option<&'static Element>) -> Result<Value, Halt> {
        let [storage, Value::Int(offset), shape, strides, ..] = *arguments else {
            return Err(malformed("a tensor without storage, offset, shape and strides"));
        };
        let storage = match self.node(storage) {
            Some(Node::Storage(storage)) => *storage,
            Some(Node::Object(_)) => return self.object(self.class_of(storage)),
            _ => return Err(malformed("a tensor without a storage")),
        };
        let (shape, strides) = (self.lengths(shape)?, self.lengths(strides)?);
        if shape.len() != strides.len() {
            return Err(malformed("a tensor with more axes than strides, or fewer"));
        }
        let offset = u64::try_from(offset).map_err(|_| malformed("a tensor with a negative offset"))?;
        let element = element.unwrap_or(storage.element);
        self.push_node(Node::Tensor(Box::new(Tensor { storage, element, offset, shape, strides })))
    }

    fn rebuild_from_type(&mut self, arguments: &[Value]) -> Result<Value, Halt> {
        let [function, _, arguments, ..] = *arguments else {
            return Err(malformed("a tensor of a derived class without its parts"));
        };
        // Never another one of these: the depth of calls is two.
        match self.node(function) {
            Some(Node::Global(Global::RebuildFromType)) => Err(malformed("a tensor derived within itself")),
            _ => self.call(function, arguments),
        }
    }

    /// - `arguments`: none, or a list of pairs
    fn dict(&mut self, arguments: &[Value]) -> Result<Value, Halt> {
        let pairs = arguments.first().map_or(Ok(None), |pairs| self.sequence(*pairs))?.unwrap_or_default();
        let pair = |pair| match self.node(pair)? {
            Node::Tuple(pair) | Node::List(pair) => pair.as_array().map(|[key, value]| (*key, *value)),
            _ => None,
        };
        let pairs = pairs.into_iter().filter_map(pair).collect();
        self.push_node(Node::Dict(pairs))
    }

    /// An object of a class that is not known here.
    pub(super) fn object(&mut self, class: Class) -> Result<Value, Halt> {
        self.push_node(Node::Object(Box::new(Object { class, items: Vec::new(), state: Value::Plain })))
    }

    fn class_of(&self, value: Value) -> Class {
        match self.node(value) {
            Some(Node::Global(Global::Opaque(class))) => *class,
            Some(Node::Object(object)) => object.class,
            _ => Class::Unknown,
        }
    }

    fn dtype(&self, value: Value) -> Option<&'static Element> {
        match self.node(value)? {
            Node::Global(Global::Dtype(element)) => Some(*element),
            _ => None,
        }
    }

    fn lengths(&mut self, value: Value) -> Result<Vec<u64>, Halt> {
        let length = |value: &Value| match value {
            Value::Int(length) => u64::try_from(*length).ok(),
            _ => None,
        };
        let lengths = self.sequence(value)?.and_then(|values| values.iter().map(length).collect());
        lengths.ok_or_else(|| malformed("a tensor whose shape or strides are no numbers from 0"))
    }
}
