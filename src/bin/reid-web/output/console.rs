//! What a person reads: results on the standard output, everything else on stderr.

use std::fmt::Display;
use std::io::{ErrorKind, IsTerminal, Write, stderr, stdout};
use std::time::Instant;

use crate::Outcome;

/// The program after the pipe has ended, as `head` does: no fault, and nobody reads on.
#[derive(Debug, thiserror::Error)]
#[error("standard output: the pipe is closed")]
pub struct ClosedPipe;

/// Writes to the standard output and flushes it.
///
/// Errors with [`ClosedPipe`] if nobody reads it any more.
pub fn say(text: impl AsRef<[u8]>) -> Outcome<()> {
    let mut out = stdout().lock();
    out.write_all(text.as_ref()).and_then(|()| out.flush()).map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => ClosedPipe.into(),
        _ => format!("standard output: {error}").into(),
    })
}

/// Writes a line to stderr; errors are ignored.
pub fn note(text: impl Display) {
    let start = if stderr().is_terminal() { "\r\x1b[K" } else { "" };
    let _ = writeln!(stderr(), "{start}reid-web: {text}");
}

/// "1 image", "2 images".
pub fn images(count: usize) -> String {
    if count == 1 { "1 image".to_owned() } else { format!("{count} images") }
}

/// "cpu or webgpu", "z, t or s".
pub fn either(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [all @ .., last] => format!("{} or {last}", all.join(", ")),
    }
}

/// Shows the progress of the work, on a terminal.
pub struct Progress {
    start: Instant,
    total: usize,
}

impl Progress {
    pub fn new(total: usize) -> Self {
        Self { start: Instant::now(), total }
    }

    pub fn show(&self, done: usize) {
        if !stderr().is_terminal() {
            return;
        }
        let rate = done as f64 / self.start.elapsed().as_secs_f64();
        let left = (self.total - done) as f64 / rate;
        let end = if done == self.total { "\n" } else { "" };
        let _ = write!(
            stderr(),
            "\r\x1b[K{done} of {} images, {rate:.1} a second, {left:.0} s left{end}",
            self.total
        );
    }
}
