//! The page on the command line: embeds folders of images, ranks and evaluates them, natively.
#![cfg_attr(test, allow(clippy::unwrap_used, reason = "tests may stop at the first surprise"))]

mod bench;
mod embed;
mod embedded;
mod evaluate;
mod images;
mod model;
mod options;
mod output;

use std::error::Error;
use std::process::ExitCode;

use embedded::Embedded;
use evaluate::{checks, runs};
use options::{Command, Input, Options, Protocol};
use output::console::{ClosedPipe, note, say};
use output::destination;
use output::evaluation_file::write_evaluation;
use output::failures::Failures;
use output::files::write;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    let mut failures = Failures::default();
    let options = options::parse(lexopt::Parser::from_env());
    let keep_going = matches!(&options, Ok(Some(options)) if options.keep_going);
    let ended = options.and_then(|options| options.map_or(Ok(()), |one| run(&one, &mut failures)));
    failures.sum_up();
    let is_done = match ended {
        Err(error) if !error.is::<ClosedPipe>() => {
            note(error);
            false
        }
        _ => true,
    };
    if is_done && (keep_going || failures.is_empty()) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// - `failures`: gets what could not be read; the result is that of the rest
fn run(options: &Options, failures: &mut Failures) -> Outcome<()> {
    destination::check(options)?;
    match &options.input {
        Input::Images(images) if options.command == Command::Bench => return bench::bench(images, options),
        Input::Images(images) if images.all_runs => return runs::evaluate(images, options, failures),
        _ => {}
    }
    let embedded = match &options.input {
        Input::Embeddings { file, labels } => Embedded::read(file, labels.as_deref())?,
        Input::Images(images) => embed::embed(images, options, failures)?,
    };
    if matches!(options.command, Command::Evaluate | Command::Rank) {
        if matches!(options.input, Input::Embeddings { .. }) {
            checks::say_runs(&embedded);
        }
        if !options.protocol.is_some_and(Protocol::takes_a_pool) {
            checks::say_without_set(&embedded);
        }
        checks::findings(&embedded)?.iter().for_each(note);
    }
    match options.command {
        Command::Bench => Err("bench takes --model FOLDER".into()),
        Command::Embed => embedded.write(options.out.as_deref()),
        Command::Rank => write(options.out.as_deref(), &evaluate::ranks_csv(&embedded, options)?),
        Command::Evaluate => {
            let (text, report) = evaluate::evaluation(&embedded, options)?;
            // The file first: a pipe that is closed does not concern it.
            options.out.as_deref().map_or(Ok(()), |path| write_evaluation(path, &report))?;
            say(text)
        }
    }
}
