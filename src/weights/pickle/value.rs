//! What a pickle consists of once it has been read.

use std::borrow::Cow;

use super::super::element::Element;
use super::global::Global;

/// A value on the stack of the machine.
#[derive(Clone, Copy, Debug)]
pub(in super::super) enum Value {
    /// None, floats, long integers: what neither describes nor holds a tensor.
    Plain,
    Int(i64),
    /// A string or bytes.
    Text(Span),
    /// Something that other values can refer to: an index of [`Pickle::nodes`].
    Node(u32),
}

/// Bytes of the pickle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in super::super) struct Span {
    pub start: u32,
    pub end: u32,
}

/// A value that holds others.
#[derive(Debug)]
pub(in super::super) enum Node {
    List(Vec<Value>),
    Tuple(Vec<Value>),
    Dict(Vec<(Value, Value)>),
    /// A class or function.
    Global(Global),
    /// What an unknown class or function returned.
    Object(Box<Object>),
    Storage(Storage),
    Tensor(Box<Tensor>),
}

/// The name of a class or function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Class {
    Named {
        module: Span,
        name: Span,
    },
    /// A name that is not in the pickle.
    Unknown,
}

/// An object of an unknown class.
#[derive(Debug)]
pub(in super::super) struct Object {
    /// Name of the class or function.
    pub class: Class,
    /// What was put into it, as into a dictionary.
    pub items: Vec<(Value, Value)>,
    /// Its attributes, a dictionary in most cases.
    pub state: Value,
}

/// A block of bytes outside the pickle.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Storage {
    /// Its name outside the pickle.
    pub key: Span,
    pub element: &'static Element,
    /// Elements that it holds.
    pub count: u64,
}

/// A view of a storage.
#[derive(Clone, Debug)]
pub(in super::super) struct Tensor {
    pub storage: Storage,
    pub element: &'static Element,
    /// Elements of the storage before its first.
    pub offset: u64,
    pub shape: Vec<u64>,
    /// Elements from one index of an axis to the next.
    pub strides: Vec<u64>,
}

/// A pickle that has been read.
#[derive(Debug)]
pub(in super::super) struct Pickle<'a> {
    pub bytes: &'a [u8],
    pub nodes: Vec<Node>,
    /// The value that was pickled.
    pub root: Value,
    /// Every storage that it mentions, in the order in which they are mentioned.
    pub storages: Vec<Storage>,
    /// Bytes that it takes.
    pub length: usize,
}

impl Storage {
    /// Bytes that it takes; `None` beyond 64 bits.
    pub fn size(&self) -> Option<u64> {
        self.count.checked_mul(self.element.bytes)
    }
}

impl Pickle<'_> {
    pub fn bytes_of(&self, span: Span) -> &[u8] {
        &self.bytes[span.start as usize..span.end as usize]
    }

    /// The string at `span`, lossily if it is not UTF-8.
    pub fn text(&self, span: Span) -> Cow<'_, str> {
        String::from_utf8_lossy(self.bytes_of(span))
    }

    /// The name of a class, with its module.
    pub fn class(&self, class: Class) -> String {
        match class {
            Class::Named { module, name } => format!("{}.{}", self.text(module), self.text(name)),
            Class::Unknown => "what is not known".to_owned(),
        }
    }

    pub fn node(&self, value: Value) -> Option<&Node> {
        match value {
            Value::Node(index) => self.nodes.get(index as usize),
            _ => None,
        }
    }
}
