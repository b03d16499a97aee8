//! The stack machine that reads a pickle.

use std::collections::HashMap;

use super::cursor::{Cursor, Halt};
use super::global::Global;
use super::value::{Class, Node, Pickle, Span, Storage, Value};
use super::{MAX_PICKLE_BYTES, MAX_VALUES, refuse};

/// A pickle that is being read.
pub(in super::super) struct Machine<'a> {
    cursor: Cursor<'a>,
    stack: Vec<Value>,
    /// Heights of the stack at which an open tuple, list or dictionary begins.
    marks: Vec<usize>,
    memo: HashMap<u64, Value>,
    nodes: Vec<Node>,
    pub(super) storages: Vec<Storage>,
    /// Values made so far.
    made: usize,
}

impl<'a> Machine<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        let cursor = Cursor { bytes: &bytes[..bytes.len().min(MAX_PICKLE_BYTES as usize)], at: 0 };
        let (stack, marks, memo) = (Vec::new(), Vec::new(), HashMap::new());
        Self { cursor, stack, marks, memo, nodes: Vec::new(), storages: Vec::new(), made: 0 }
    }

    pub fn run(mut self) -> Result<Pickle<'a>, Halt> {
        loop {
            let instruction = self.cursor.byte()?;
            if instruction == b'.' {
                let (root, length) = (self.pop()?, self.cursor.at);
                let Self { cursor, nodes, storages, .. } = self;
                return Ok(Pickle { bytes: cursor.bytes, nodes, root, storages, length });
            }
            let is_known = self.scalar(instruction)?
                || self.text(instruction)?
                || self.sequence_or_dict(instruction)?
                || self.fill(instruction)?
                || self.remember(instruction)?
                || self.build(instruction)?;
            if !is_known {
                return Err(malformed(&format!(
                    "the instruction {instruction:#04x}, which torch does not write"
                )));
            }
        }
    }

    fn scalar(&mut self, instruction: u8) -> Result<bool, Halt> {
        let value = match instruction {
            0x80 => return self.cursor.byte().map(|_protocol| true),
            0x95 => return self.cursor.number::<8>().map(|_frame| true),
            b'N' | 0x88 | 0x89 => Value::Plain,
            b'K' => Value::Int(self.cursor.number::<1>()? as i64),
            b'M' => Value::Int(self.cursor.number::<2>()? as i64),
            b'J' => Value::Int(i32::from_le_bytes(self.cursor.array()?).into()),
            b'G' => self.cursor.array::<8>().map(|_float| Value::Plain)?,
            0x8a => self.long::<1>()?,
            0x8b => self.long::<4>()?,
            _ => return Ok(false),
        };
        self.push(value).map(|()| true)
    }

    /// An integer of any length; those beyond 64 bits describe no tensor.
    fn long<const N: usize>(&mut self) -> Result<Value, Halt> {
        let span = self.cursor.counted::<N>()?;
        let bytes = self.bytes_of(span);
        if bytes.len() > 8 {
            return Ok(Value::Plain);
        }
        let sign = bytes.last().map_or(0, |last| if last & 0x80 == 0 { 0 } else { 0xff });
        let mut wide = [sign; 8];
        wide[..bytes.len()].copy_from_slice(bytes);
        Ok(Value::Int(i64::from_le_bytes(wide)))
    }

    /// Strings and bytes, of each protocol.
    fn text(&mut self, instruction: u8) -> Result<bool, Halt> {
        let span = match instruction {
            b'U' | b'C' | 0x8c => self.cursor.counted::<1>()?,
            b'X' | b'T' | b'B' => self.cursor.counted::<4>()?,
            0x8d | 0x8e | 0x96 => self.cursor.counted::<8>()?,
            _ => return Ok(false),
        };
        self.push(Value::Text(span)).map(|()| true)
    }

    fn sequence_or_dict(&mut self, instruction: u8) -> Result<bool, Halt> {
        let node = match instruction {
            b'(' => {
                self.count(1)?;
                self.marks.push(self.stack.len());
                return Ok(true);
            }
            b')' => Node::Tuple(Vec::new()),
            0x85..=0x87 => Node::Tuple(self.pop_last(usize::from(instruction - 0x84))?),
            b't' => Node::Tuple(self.pop_mark()?),
            // Sets hold no tensors, but are to be told from lists by nobody here.
            b']' | 0x8f => Node::List(Vec::new()),
            b'l' | 0x91 => Node::List(self.pop_mark()?),
            b'}' => Node::Dict(Vec::new()),
            b'd' => Node::Dict(pairs(&self.pop_mark()?)?),
            _ => return Ok(false),
        };
        let value = self.push_node(node)?;
        self.push(value).map(|()| true)
    }

    /// Puts values into the container below them.
    fn fill(&mut self, instruction: u8) -> Result<bool, Halt> {
        match instruction {
            b'a' => {
                let value = self.pop()?;
                self.append(&[value])?;
            }
            b'e' | 0x90 => {
                let values = self.pop_mark()?;
                self.append(&values)?;
            }
            b's' => {
                let pair = self.pop_last(2)?;
                self.set_items(&pair)?;
            }
            b'u' => {
                let values = self.pop_mark()?;
                self.set_items(&values)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The memo, by which one value is used in several places, and the stack itself.
    fn remember(&mut self, instruction: u8) -> Result<bool, Halt> {
        match instruction {
            b'q' => self.cursor.number::<1>().map_or_else(Err, |key| self.memoize(key))?,
            b'r' => self.cursor.number::<4>().map_or_else(Err, |key| self.memoize(key))?,
            0x94 => self.memoize(self.memo.len() as u64)?,
            b'h' => self.cursor.number::<1>().map_or_else(Err, |key| self.recall(key))?,
            b'j' => self.cursor.number::<4>().map_or_else(Err, |key| self.recall(key))?,
            b'0' => self.pop().map(drop)?,
            b'1' => self.pop_mark().map(drop)?,
            b'2' => {
                let top = self.top()?;
                self.push(top)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Classes, functions, their calls and what these give.
    fn build(&mut self, instruction: u8) -> Result<bool, Halt> {
        let value = match instruction {
            b'c' => {
                let (module, name) = (self.cursor.line()?, self.cursor.line()?);
                self.global(module, name)?
            }
            0x93 => match self.pop_last(2)?[..] {
                [Value::Text(module), Value::Text(name)] => self.global(module, name)?,
                _ => return Err(malformed("a class without a name")),
            },
            b'R' | 0x81 => {
                let (arguments, function) = (self.pop()?, self.pop()?);
                self.call(function, arguments)?
            }
            0x92 => {
                let (_named, arguments, function) = (self.pop()?, self.pop()?, self.pop()?);
                self.call(function, arguments)?
            }
            b'b' => {
                let state = self.pop()?;
                return self.set_state(state).map(|()| true);
            }
            b'Q' => {
                let id = self.pop()?;
                self.persistent(id)?
            }
            _ => return Ok(false),
        };
        self.push(value).map(|()| true)
    }

    fn global(&mut self, module: Span, name: Span) -> Result<Value, Halt> {
        let text = |span| String::from_utf8_lossy(self.bytes_of(span));
        let global = Global::find(&text(module), &text(name), Class::Named { module, name })?;
        self.push_node(Node::Global(global))
    }

    fn append(&mut self, values: &[Value]) -> Result<(), Halt> {
        match self.top_node()? {
            Node::List(list) => list.extend(values),
            Node::Object(object) => object.items.extend(values.iter().map(|value| (Value::Plain, *value))),
            _ => return Err(malformed("values that are appended to what is no list")),
        }
        Ok(())
    }

    fn set_items(&mut self, values: &[Value]) -> Result<(), Halt> {
        let pairs = pairs(values)?;
        match self.top_node()? {
            Node::Dict(items) => items.extend(pairs),
            Node::Object(object) => object.items.extend(pairs),
            _ => return Err(malformed("entries that are put into what is no dictionary")),
        }
        Ok(())
    }

    fn set_state(&mut self, state: Value) -> Result<(), Halt> {
        if let Node::Object(object) = self.top_node()? {
            object.state = state;
        }
        Ok(())
    }

    fn memoize(&mut self, key: u64) -> Result<(), Halt> {
        self.count(1)?;
        let top = self.top()?;
        self.memo.insert(key, top);
        Ok(())
    }

    fn recall(&mut self, key: u64) -> Result<(), Halt> {
        let value = self.memo.get(&key).copied();
        self.push(value.ok_or_else(|| malformed(&format!("a reference to value {key}, which is not there")))?)
    }

    fn push(&mut self, value: Value) -> Result<(), Halt> {
        self.count(1)?;
        self.stack.push(value);
        Ok(())
    }

    pub(super) fn push_node(&mut self, node: Node) -> Result<Value, Halt> {
        self.count(1)?;
        self.nodes.push(node);
        Ok(Value::Node(self.nodes.len() as u32 - 1))
    }

    /// Counts values that are made; refuses too many.
    pub(super) fn count(&mut self, values: usize) -> Result<(), Halt> {
        self.made += values;
        if self.made <= MAX_VALUES {
            return Ok(());
        }
        Err(refuse(format!("its pickle makes more than {MAX_VALUES} values; no more are accepted")).into())
    }

    /// The stack cannot be emptied below the last mark.
    fn pop(&mut self) -> Result<Value, Halt> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let value = if self.stack.len() > floor { self.stack.pop() } else { None };
        value.ok_or_else(|| malformed("an instruction that lacks its values"))
    }

    fn pop_last(&mut self, count: usize) -> Result<Vec<Value>, Halt> {
        let mut values = (0..count).map(|_| self.pop()).collect::<Result<Vec<_>, _>>()?;
        values.reverse();
        Ok(values)
    }

    fn pop_mark(&mut self) -> Result<Vec<Value>, Halt> {
        let mark = self.marks.pop().ok_or_else(|| malformed("an end without a beginning"))?;
        Ok(self.stack.split_off(mark))
    }

    fn top(&mut self) -> Result<Value, Halt> {
        let top = self.pop()?;
        self.stack.push(top);
        Ok(top)
    }

    fn top_node(&mut self) -> Result<&mut Node, Halt> {
        match self.top()? {
            Value::Node(index) => Ok(&mut self.nodes[index as usize]),
            _ => Err(malformed("an instruction that does not fit its value")),
        }
    }

    pub(super) fn node(&self, value: Value) -> Option<&Node> {
        match value {
            Value::Node(index) => self.nodes.get(index as usize),
            _ => None,
        }
    }

    /// The values of a tuple or list, `None` for anything else. They count as made anew.
    pub(super) fn sequence(&mut self, value: Value) -> Result<Option<Vec<Value>>, Halt> {
        let Some(Node::Tuple(values) | Node::List(values)) = self.node(value) else { return Ok(None) };
        let values = values.clone();
        self.count(values.len())?;
        Ok(Some(values))
    }

    pub(super) fn bytes_of(&self, span: Span) -> &'a [u8] {
        &self.cursor.bytes[span.start as usize..span.end as usize]
    }
}

fn pairs(values: &[Value]) -> Result<Vec<(Value, Value)>, Halt> {
    let (pairs, rest) = values.as_chunks::<2>();
    if rest.is_empty() {
        return Ok(pairs.iter().map(|[key, value]| (*key, *value)).collect());
    }
    Err(malformed("a key without a value"))
}

/// The pickle does what torch does not write.
pub(super) fn malformed(found: &str) -> Halt {
    refuse(format!("its pickle is malformed: it contains {found}")).into()
}
