/// Counts lines from one offset of a text to the next. A line ends in `\n`, `\r\n` or `\r`.
pub(super) struct Lines<'a> {
    text: &'a [u8],
    offset: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a [u8]) -> Self {
        Self { text, offset: 0, line: 1 }
    }

    /// The line, from 1, of what comes at `offset` or, past line ends, after it.
    ///
    /// Offsets may not go back.
    pub fn at(&mut self, offset: usize) -> u64 {
        let line_ends = self.text[offset..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let end = offset + line_ends;
        for at in self.offset..end {
            let is_end = match self.text[at] {
                b'\n' => true,
                b'\r' => self.text.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line += u64::from(is_end);
        }
        self.offset = end;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_in_three_ways() {
        let mut lines = Lines::new(b"a\nb\r\nc\rd\r\n\r\ne");
        let found: Vec<u64> = [0, 1, 2, 3, 5, 6, 7, 8, 13].map(|offset| lines.at(offset)).into();
        assert_eq!(found, [1, 2, 2, 3, 3, 4, 4, 6, 6]);
    }
}
