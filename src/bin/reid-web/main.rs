//! The page on the command line: embeds folders of images, ranks and evaluates them, natively.

mod batches;
mod bench;
mod eight_bits;
mod embed;
mod embedded;
mod fingerprint;
mod images;
#[cfg(feature = "gpu")]
mod kernel;
mod model;
mod options;
mod protocols;
mod report;
mod runs;

use std::error::Error;
use std::fs;
use std::io::{Write, stdout};
use std::path::Path;
use std::process::ExitCode;

use embedded::Embedded;
use options::{Command, Input, Options};
use reid_web::exchange::{write_metrics, write_query_results};
use serde_json::Value;

type Outcome<T> = Result<T, Box<dyn Error>>;

fn main() -> ExitCode {
    match options::parse(lexopt::Parser::from_env())
        .and_then(|options| options.map_or(Ok(()), |one| run(&one)))
    {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("reid-web: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Outcome<()> {
    match &options.input {
        Input::Images(images) if options.command == Command::Bench => return bench::bench(images, options),
        Input::Images(images) if images.all_runs => return runs::evaluate(images, options),
        _ => {}
    }
    let embedded = match &options.input {
        Input::Embeddings { file, labels } => Embedded::read(file, labels.as_deref())?,
        Input::Images(images) => embed::embed(images, options)?,
    };
    match options.command {
        Command::Bench => Err("bench takes --model FOLDER".into()),
        Command::Embed => embedded.write(options.out.as_deref()),
        Command::Rank => write(options.out.as_deref(), &report::ranks_csv(&embedded, options)?),
        Command::Evaluate => {
            let (text, report) = match options.protocol {
                Some(protocol) => protocols::evaluation(&embedded, protocol, options)?,
                None => report::evaluation(&embedded, options)?,
            };
            print!("{text}");
            options.out.as_deref().map_or(Ok(()), |path| write_report(path, &report))
        }
    }
}

/// An evaluation by the file's ending: as tables, with that of the queries beside it, or as JSON.
fn write_report(path: &Path, report: &Value) -> Outcome<()> {
    if path.extension().is_none_or(|ending| ending != "csv") {
        return write(Some(path), format!("{}\n", serde_json::to_string_pretty(report)?).as_bytes());
    }
    if let Some(queries) = write_query_results(report)? {
        write(Some(&path.with_extension("queries.csv")), &queries)?;
    }
    write(Some(path), &write_metrics(report)?)
}

/// Into a file, or to the standard output.
fn write(out: Option<&Path>, bytes: &[u8]) -> Outcome<()> {
    match out {
        Some(path) => fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()).into()),
        None => Ok(stdout().write_all(bytes)?),
    }
}
