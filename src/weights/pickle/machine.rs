//! The stack machine that reads a pickle.

use super::MAX_PICKLE_BYTES;
use super::cursor::{Cursor, Halt};
use super::global::Global;
use super::stack::{Stack, malformed, pairs};
use super::value::{Class, Node, Pickle, Span, Storage, Value};

/// A pickle that is being read.
pub(super) struct Machine<'a> {
    cursor: Cursor<'a>,
    pub stack: Stack,
    pub storages: Vec<Storage>,
}

impl<'a> Machine<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        let cursor = Cursor { bytes: &bytes[..bytes.len().min(MAX_PICKLE_BYTES as usize)], at: 0 };
        Self { cursor, stack: Stack::default(), storages: Vec::new() }
    }

    pub fn run(mut self) -> Result<Pickle<'a>, Halt> {
        loop {
            let instruction = self.cursor.byte()?;
            if instruction == b'.' {
                let (root, length) = (self.stack.pop()?, self.cursor.at);
                let Self { cursor, stack, storages } = self;
                return Ok(Pickle { bytes: cursor.bytes, nodes: stack.nodes, root, storages, length });
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
        self.stack.push(value).map(|()| true)
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
        self.stack.push(Value::Text(span)).map(|()| true)
    }

    fn sequence_or_dict(&mut self, instruction: u8) -> Result<bool, Halt> {
        let node = match instruction {
            b'(' => return self.stack.mark().map(|()| true),
            b')' => Node::Tuple(Vec::new()),
            0x85..=0x87 => Node::Tuple(self.stack.pop_last(usize::from(instruction - 0x84))?),
            b't' => Node::Tuple(self.stack.pop_mark()?),
            // Sets hold no tensors: they need not be told from lists.
            b']' | 0x8f => Node::List(Vec::new()),
            b'l' | 0x91 => Node::List(self.stack.pop_mark()?),
            b'}' => Node::Dict(Vec::new()),
            b'd' => Node::Dict(pairs(&self.stack.pop_mark()?)?),
            _ => return Ok(false),
        };
        let value = self.stack.make(node)?;
        self.stack.push(value).map(|()| true)
    }

    /// Puts values into the container below them.
    fn fill(&mut self, instruction: u8) -> Result<bool, Halt> {
        match instruction {
            b'a' => {
                let value = self.stack.pop()?;
                self.stack.append(&[value])?;
            }
            b'e' | 0x90 => {
                let values = self.stack.pop_mark()?;
                self.stack.append(&values)?;
            }
            b's' => {
                let pair = self.stack.pop_last(2)?;
                self.stack.set_items(&pair)?;
            }
            b'u' => {
                let values = self.stack.pop_mark()?;
                self.stack.set_items(&values)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The memo, which lets one value be used several times, and the stack itself.
    fn remember(&mut self, instruction: u8) -> Result<bool, Halt> {
        match instruction {
            b'q' => self.stack.memoize(self.cursor.number::<1>()?)?,
            b'r' => self.stack.memoize(self.cursor.number::<4>()?)?,
            0x94 => self.stack.memoize_next()?,
            b'h' => self.stack.recall(self.cursor.number::<1>()?)?,
            b'j' => self.stack.recall(self.cursor.number::<4>()?)?,
            b'0' => self.stack.pop().map(drop)?,
            b'1' => self.stack.pop_mark().map(drop)?,
            b'2' => {
                let top = self.stack.top()?;
                self.stack.push(top)?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Classes, functions, their calls and what these return.
    fn build(&mut self, instruction: u8) -> Result<bool, Halt> {
        let value = match instruction {
            b'c' => {
                let (module, name) = (self.cursor.line()?, self.cursor.line()?);
                self.global(module, name)?
            }
            0x93 => match self.stack.pop_last(2)?[..] {
                [Value::Text(module), Value::Text(name)] => self.global(module, name)?,
                _ => return Err(malformed("a class without a name")),
            },
            b'R' | 0x81 => {
                let (arguments, function) = (self.stack.pop()?, self.stack.pop()?);
                self.call(function, arguments)?
            }
            0x92 => {
                let (_named, arguments, function) = (self.stack.pop()?, self.stack.pop()?, self.stack.pop()?);
                self.call(function, arguments)?
            }
            b'b' => {
                let state = self.stack.pop()?;
                return self.stack.set_state(state).map(|()| true);
            }
            b'Q' => {
                let id = self.stack.pop()?;
                self.persistent(id)?
            }
            _ => return Ok(false),
        };
        self.stack.push(value).map(|()| true)
    }

    fn global(&mut self, module: Span, name: Span) -> Result<Value, Halt> {
        let text = |span| String::from_utf8_lossy(self.bytes_of(span));
        let global = Global::find(&text(module), &text(name), Class::Named { module, name })?;
        self.stack.make(Node::Global(global))
    }

    pub fn bytes_of(&self, span: Span) -> &'a [u8] {
        &self.cursor.bytes[span.start as usize..span.end as usize]
    }
}
