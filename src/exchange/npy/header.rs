//! The header's dictionary, written in Python's notation.

use super::{ExchangeError, refuse};

/// What the header says about the numbers.
#[derive(Debug, PartialEq)]
pub(super) struct Header {
    /// Type of the numbers, "<f4"; as it stands if it is a list of fields.
    pub descr: String,
    pub fortran_order: bool,
    pub shape: Vec<u64>,
}

impl Header {
    /// Reads the dictionary: the three keys in any order, nothing else.
    pub fn parse(text: &str) -> Result<Self, ExchangeError> {
        let mut cursor = Cursor { rest: text };
        let header = cursor.dictionary().filter(|_| cursor.rest.trim().is_empty());
        header.ok_or_else(|| {
            let shown: String = text.trim().chars().take(100).collect();
            refuse(format!(
                "its header is {shown:?}, expected one like {{'descr': '<f4', 'fortran_order': False, \
             'shape': (3, 512)}}"
            ))
        })
    }
}

/// What is not yet read. Every method returns `None` where something else comes.
struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn dictionary(&mut self) -> Option<Header> {
        let (mut descr, mut fortran_order, mut shape) = (None, None, None);
        self.skip("{")?;
        while self.skip("}").is_none() {
            let key = self.string()?;
            self.skip(":")?;
            match key {
                "descr" => descr = Some(self.descr()?),
                "fortran_order" => fortran_order = Some(self.boolean()?),
                "shape" => shape = Some(self.tuple()?),
                _ => return None,
            }
            if self.skip(",").is_none() {
                self.skip("}")?;
                break;
            }
        }
        Some(Header { descr: descr?, fortran_order: fortran_order?, shape: shape? })
    }

    /// A string, or a list of fields up to its last bracket.
    fn descr(&mut self) -> Option<String> {
        if self.skip("[").is_none() {
            return self.string().map(str::to_owned);
        }
        let (fields, rest) = self.rest.rsplit_once(']')?;
        self.rest = rest;
        Some(format!("[{fields}]"))
    }

    fn string(&mut self) -> Option<&'a str> {
        let quote = ["'", "\""].into_iter().find(|quote| self.skip(quote).is_some())?;
        let (text, rest) = self.rest.split_once(quote)?;
        self.rest = rest;
        Some(text)
    }

    fn boolean(&mut self) -> Option<bool> {
        self.skip("True").map(|()| true).or_else(|| self.skip("False").map(|()| false))
    }

    /// Whole numbers, as Python 2 writes them too: `(3L, 512L)`.
    fn tuple(&mut self) -> Option<Vec<u64>> {
        self.skip("(")?;
        let (numbers, rest) = self.rest.split_once(')')?;
        self.rest = rest;
        let numbers = numbers.trim().trim_end_matches(',');
        if numbers.is_empty() {
            return Some(Vec::new());
        }
        numbers.split(',').map(|number| number.trim().trim_end_matches('L').parse().ok()).collect()
    }

    /// Goes past `token` and the spaces before it.
    fn skip(&mut self, token: &str) -> Option<()> {
        self.rest = self.rest.trim_start().strip_prefix(token)?;
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_any_order_and_either_quotes() {
        let text = "{\"shape\":(3L,512L,) , 'fortran_order' : True,'descr':\">f8\"}  \n";
        let expected = Header { descr: ">f8".into(), fortran_order: true, shape: vec![3, 512] };
        assert_eq!(Header::parse(text).unwrap(), expected);
    }

    #[test]
    fn other_dictionaries_are_refused() {
        for text in [
            "",
            "{}",
            "{'descr': '<f4', 'fortran_order': False}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), 'more': 1}",
            "{'descr': '<f4', 'fortran_order': 0, 'shape': (3, 4)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (-3, 4)}",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4)",
            "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4)} + {}",
            "{'descr': '<f4' 'fortran_order': False, 'shape': (3, 4)}",
            "{'descr: '<f4', 'fortran_order': False, 'shape': (99999999999999999999, 4)}",
        ] {
            assert!(Header::parse(text).is_err(), "{text}");
        }
    }
}
