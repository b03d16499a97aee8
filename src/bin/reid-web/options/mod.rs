//! The command line.

mod pairs;
mod protocol;
mod values;

use std::path::PathBuf;
use std::thread::available_parallelism;

use lexopt::{Arg, Parser, ValueExt};
use reid_web::metrics::ThresholdTarget;
use reid_web::refinement::{Cohort, KReciprocal, QueryExpansion, WhiteningOptions};
use reid_web::study::{Normalisation, Settings};

use crate::Outcome;
use crate::output::console::say;
use crate::output::files::without_mark;
pub use protocol::Protocol;
use values::{fraction, is_webgpu, norm, policy, whole};

const HELP: &str = include_str!("help.txt");
const VERSION: &str = concat!("reid-web ", env!("CARGO_PKG_VERSION"), "\n");

/// What to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    Embed,
    Evaluate,
    Rank,
    Bench,
}

/// Where the embeddings come from.
pub enum Input {
    /// A file of them, and maybe one of labels.
    Embeddings { file: PathBuf, labels: Option<PathBuf> },
    /// Images, and what embeds them.
    Images(ImageOptions),
}

/// Images and what embeds them.
#[derive(Clone, Default)]
pub struct ImageOptions {
    pub model: PathBuf,
    pub data: Option<PathBuf>,
    pub query: Option<PathBuf>,
    pub gallery: Option<PathBuf>,
    pub run: Option<String>,
    pub all_runs: bool,
    /// Both sets are taken together, and images of no set as well.
    pub pool: bool,
    pub distractors: bool,
    pub choices: Option<String>,
    pub webgpu: bool,
    pub threads: usize,
}

/// What the command line asks for.
pub struct Options {
    pub command: Command,
    pub input: Input,
    pub settings: Settings,
    /// `None`: queries and gallery as they are.
    pub protocol: Option<Protocol>,
    pub top: usize,
    pub out: Option<PathBuf>,
    /// Images that cannot be read do not make the exit status 1.
    pub keep_going: bool,
}

/// Reads the command line; `None` if it asks for help or the version, which is then written.
pub fn parse(mut parser: Parser) -> Outcome<Option<Options>> {
    let command = match parser.next()? {
        Some(Arg::Value(name)) => match name.to_str() {
            Some("embed") => Command::Embed,
            Some("evaluate") => Command::Evaluate,
            Some("rank") => Command::Rank,
            Some("bench") => Command::Bench,
            _ => {
                let expected = "expected embed, evaluate, rank or bench";
                return Err(format!("there is no command {name:?}, {expected}").into());
            }
        },
        None | Some(Arg::Long("help") | Arg::Short('h')) => return say(HELP).map(|()| None),
        Some(Arg::Long("version") | Arg::Short('V')) => return say(VERSION).map(|()| None),
        Some(other) => return Err(other.unexpected().into()),
    };
    let mut given = Given::default();
    while let Some(argument) = parser.next()? {
        let name = match argument {
            Arg::Long("help") | Arg::Short('h') => return say(HELP).map(|()| None),
            Arg::Long("version") | Arg::Short('V') => return say(VERSION).map(|()| None),
            Arg::Long(name) => name,
            other => return Err(other.unexpected().into()),
        };
        let name = name.to_owned();
        given.set(&name, &mut parser)?;
    }
    given.finish(command).map(Some)
}

/// The options as they stand.
struct Given {
    images: ImageOptions,
    model: Option<PathBuf>,
    embeddings: Option<PathBuf>,
    labels: Option<PathBuf>,
    settings: Settings,
    protocol: Option<String>,
    gallery_images: Option<usize>,
    runs: Option<usize>,
    top: usize,
    out: Option<PathBuf>,
    keep_going: bool,
    /// Names of the options, in their order.
    names: Vec<String>,
}

impl Default for Given {
    fn default() -> Self {
        let threads = available_parallelism().map_or(1, usize::from);
        Self {
            images: ImageOptions { threads, ..ImageOptions::default() },
            model: None,
            embeddings: None,
            labels: None,
            settings: Settings::default(),
            protocol: None,
            gallery_images: None,
            runs: None,
            top: 10,
            out: None,
            keep_going: false,
            names: Vec::new(),
        }
    }
}

impl Given {
    fn set(&mut self, name: &str, parser: &mut Parser) -> Outcome<()> {
        if self.names.iter().any(|given| given == name) {
            return Err(format!("--{name} is given twice").into());
        }
        self.names.push(name.to_owned());
        match name {
            "model" => self.model = Some(parser.value()?.into()),
            "embeddings" => self.embeddings = Some(parser.value()?.into()),
            "data" => self.images.data = Some(parser.value()?.into()),
            "query" => self.images.query = Some(parser.value()?.into()),
            "gallery" => self.images.gallery = Some(parser.value()?.into()),
            "run" => self.images.run = Some(parser.value()?.string()?),
            "all-runs" => self.images.all_runs = true,
            "distractors" => self.images.distractors = true,
            "choices" => self.images.choices = Some(without_mark(&parser.value()?.string()?).to_owned()),
            "device" => self.images.webgpu = is_webgpu(name, parser)?,
            "threads" => self.images.threads = whole(name, parser, 1..)?,
            "labels" => self.labels = Some(parser.value()?.into()),
            "keep-same-camera" => self.settings.evaluation.remove_same_camera = false,
            "unmatched" => self.settings.evaluation.unmatched = policy(name, parser)?,
            "seed" => self.settings.seed = whole(name, parser, 0..)?,
            "false-positive-rate" => {
                let rate = fraction(name, parser, 0.0..=1.0)?;
                self.settings.target = ThresholdTarget::FalsePositiveRate { rate };
            }
            "protocol" => self.protocol = Some(parser.value()?.string()?),
            "gallery-images" => self.gallery_images = Some(whole(name, parser, 1..)?),
            "runs" => self.runs = Some(whole(name, parser, 1..)?),
            "top" => self.top = whole(name, parser, 1..)?,
            "keep-going" => self.keep_going = true,
            "out" => self.out = Some(parser.value()?.into()),
            _ => return self.set_refinement(name, parser),
        }
        Ok(())
    }

    fn set_refinement(&mut self, name: &str, parser: &mut Parser) -> Outcome<()> {
        let refinements = &mut self.settings.refinements;
        match name {
            "average-gallery" => refinements.average_gallery = true,
            "average-queries" => refinements.average_queries = true,
            "query-expansion" => {
                let k = whole(name, parser, 1..)?;
                refinements.query_expansion = Some(QueryExpansion { k, ..QueryExpansion::default() });
            }
            "re-ranking" => refinements.re_ranking = Some(KReciprocal::default()),
            "whitening" => {
                let components = Some(whole(name, parser, 0..)?).filter(|&count: &usize| count > 0);
                refinements.whitening = Some(WhiteningOptions { components, ..WhiteningOptions::default() });
            }
            "normalise" => {
                let norm = norm(name, parser)?;
                refinements.normalisation = Some(Normalisation { norm, cohort: Cohort::All });
            }
            _ => return Err(format!("there is no option --{name}; reid-web --help lists them").into()),
        }
        Ok(())
    }

    fn finish(self, command: Command) -> Outcome<Options> {
        let protocol = self.protocol(command)?;
        pairs::check(command, &self.names)?;
        let Self { mut images, model, embeddings, labels, settings, top, out, keep_going, .. } = self;
        images.pool = protocol.is_some_and(Protocol::takes_a_pool);
        let has_images = command == Command::Bench
            || images.data.is_some()
            || (images.query.is_some() && images.gallery.is_some());
        let input = match (embeddings, model) {
            (Some(_), Some(_)) => return Err(pairs::exclude("embeddings", "model")),
            (Some(file), None) => Input::Embeddings { file, labels },
            (None, Some(model)) if has_images => Input::Images(ImageOptions { model, ..images }),
            (None, Some(_)) => {
                return Err(
                    "images are missing: --data FOLDER, or --query FOLDER and --gallery FOLDER".into()
                );
            }
            (None, None) => return Err("--model FOLDER or --embeddings FILE is missing".into()),
        };
        Ok(Options { command, input, settings, protocol, top, out, keep_going })
    }

    fn protocol(&self, command: Command) -> Outcome<Option<Protocol>> {
        let protocol = Protocol::named(self.protocol.as_deref(), self.gallery_images, self.runs)?;
        if protocol.is_some() && (command != Command::Evaluate || self.images.all_runs) {
            return Err("--protocol is for evaluate without --all-runs".into());
        }
        if protocol.is_some() && !self.settings.refinements.is_none() {
            return Err("--protocol ranks plain embeddings: it takes no refinements".into());
        }
        Ok(protocol)
    }
}
