//! The page on the command line: embeds folders of images, ranks and evaluates them, natively.

mod embed;
mod images;
mod model;
mod options;
mod report;

use std::error::Error;
use std::process::ExitCode;

use options::{Command, Input, Options};
use report::{EmbeddedImages, evaluation_json, metrics_text, ranks_csv};

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
    let embedded = match &options.input {
        Input::Embeddings(path) => EmbeddedImages::read(path)?,
        Input::Images(images) => embed::embed(images, options)?,
    };
    match options.command {
        Command::Embed => embedded.write(options.out.as_deref()),
        Command::Rank => report::write(options.out.as_deref(), &ranks_csv(&embedded, options)?),
        Command::Evaluate => {
            let evaluation = embedded.evaluate(options.evaluation)?;
            print!("{}", metrics_text(&evaluation));
            match &options.out {
                Some(path) => report::write(Some(path), &evaluation_json(&embedded, &evaluation, options)?),
                None => Ok(()),
            }
        }
    }
}
