//! The stack, the memo and the values of the machine.

use std::collections::HashMap;

use super::cursor::Halt;
use super::value::{Node, Value};
use super::{MAX_VALUES, refuse};

/// What the instructions of a pickle work on.
#[derive(Debug, Default)]
pub(super) struct Stack {
    values: Vec<Value>,
    /// Heights of the stack at which an open tuple, list or dictionary begins.
    marks: Vec<usize>,
    memo: HashMap<u64, Value>,
    pub nodes: Vec<Node>,
    /// Values made so far.
    made: usize,
}

impl Stack {
    /// Puts values into the list at the top.
    pub fn append(&mut self, values: &[Value]) -> Result<(), Halt> {
        match self.top_node()? {
            Node::List(list) => list.extend(values),
            Node::Object(object) => object.items.extend(values.iter().map(|value| (Value::Plain, *value))),
            _ => return Err(malformed("values that are appended to what is no list")),
        }
        Ok(())
    }

    /// Puts keys and values into the dictionary at the top.
    pub fn set_items(&mut self, values: &[Value]) -> Result<(), Halt> {
        let pairs = pairs(values)?;
        match self.top_node()? {
            Node::Dict(items) => items.extend(pairs),
            Node::Object(object) => object.items.extend(pairs),
            _ => return Err(malformed("entries that are put into what is no dictionary")),
        }
        Ok(())
    }

    /// Sets the attributes of the object at the top; those of containers are ignored.
    pub fn set_state(&mut self, state: Value) -> Result<(), Halt> {
        if let Node::Object(object) = self.top_node()? {
            object.state = state;
        }
        Ok(())
    }

    /// Opens a tuple, list or dictionary.
    pub fn mark(&mut self) -> Result<(), Halt> {
        self.count(1)?;
        self.marks.push(self.values.len());
        Ok(())
    }

    /// Keeps the top under the next key.
    pub fn memoize_next(&mut self) -> Result<(), Halt> {
        self.memoize(self.memo.len() as u64)
    }

    /// Keeps the top under `key`.
    pub fn memoize(&mut self, key: u64) -> Result<(), Halt> {
        self.count(1)?;
        let top = self.top()?;
        self.memo.insert(key, top);
        Ok(())
    }

    /// Pushes what was kept under `key`.
    pub fn recall(&mut self, key: u64) -> Result<(), Halt> {
        let value = self.memo.get(&key).copied();
        self.push(value.ok_or_else(|| malformed(&format!("a reference to value {key}, which is not there")))?)
    }

    pub fn push(&mut self, value: Value) -> Result<(), Halt> {
        self.count(1)?;
        self.values.push(value);
        Ok(())
    }

    /// Makes a value that others can refer to. It is not on the stack yet.
    pub fn make(&mut self, node: Node) -> Result<Value, Halt> {
        self.count(1)?;
        self.nodes.push(node);
        Ok(Value::Node(self.nodes.len() as u32 - 1))
    }

    /// Counts values that are made; refuses too many.
    pub fn count(&mut self, values: usize) -> Result<(), Halt> {
        self.made += values;
        if self.made <= MAX_VALUES {
            return Ok(());
        }
        Err(refuse(format!("its pickle makes more than {MAX_VALUES} values, expected fewer")).into())
    }

    /// The top. The stack cannot be emptied below the last mark.
    pub fn pop(&mut self) -> Result<Value, Halt> {
        let floor = self.marks.last().copied().unwrap_or(0);
        let value = if self.values.len() > floor { self.values.pop() } else { None };
        value.ok_or_else(|| malformed("an instruction that lacks its values"))
    }

    /// The last `count` values, the top at the end.
    pub fn pop_last(&mut self, count: usize) -> Result<Vec<Value>, Halt> {
        let mut values = (0..count).map(|_| self.pop()).collect::<Result<Vec<_>, _>>()?;
        values.reverse();
        Ok(values)
    }

    /// The values since the last mark.
    pub fn pop_mark(&mut self) -> Result<Vec<Value>, Halt> {
        let mark = self.marks.pop().ok_or_else(|| malformed("an end without a beginning"))?;
        Ok(self.values.split_off(mark))
    }

    pub fn top(&mut self) -> Result<Value, Halt> {
        let top = self.pop()?;
        self.values.push(top);
        Ok(top)
    }

    fn top_node(&mut self) -> Result<&mut Node, Halt> {
        match self.top()? {
            Value::Node(index) => Ok(&mut self.nodes[index as usize]),
            _ => Err(malformed("an instruction that does not fit its value")),
        }
    }

    pub fn node(&self, value: Value) -> Option<&Node> {
        match value {
            Value::Node(index) => self.nodes.get(index as usize),
            _ => None,
        }
    }

    /// The values of a tuple or list, `None` for anything else. They count as new ones.
    pub fn sequence(&mut self, value: Value) -> Result<Option<Vec<Value>>, Halt> {
        let Some(Node::Tuple(values) | Node::List(values)) = self.node(value) else { return Ok(None) };
        let values = values.clone();
        self.count(values.len())?;
        Ok(Some(values))
    }
}

pub(super) fn pairs(values: &[Value]) -> Result<Vec<(Value, Value)>, Halt> {
    let (pairs, rest) = values.as_chunks::<2>();
    if rest.is_empty() {
        return Ok(pairs.iter().map(|[key, value]| (*key, *value)).collect());
    }
    Err(malformed("a key without a value"))
}

/// The pickle contains something that torch does not write.
pub(super) fn malformed(found: &str) -> Halt {
    refuse(format!("its pickle is malformed: it contains {found}")).into()
}
