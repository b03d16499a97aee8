//! Draws hands that belong to nobody: a contact sheet or a data set.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use lexopt::{Arg, Parser, ValueExt};
use reid_web::workshop::hands::collection::{Picture, folder_name, folders, market};
use reid_web::workshop::hands::{DEFAULT_SIDE, Hand, Shot, draw};

const HELP: &str = "\
Draws hands that belong to nobody.

Usage:
  draw_hands sheet OUT.png [--identities N] [--images M]   one row for each identity
  draw_hands set OUT [--queries N] [--gallery N]           OUT/query0/ID/*.jpg, OUT/gallery0/ID/*.jpg
  draw_hands market OUT                                    OUT/query/*.jpg, OUT/bounding_box_test/*.jpg
Besides, OUT/index.json lists the pictures; with --annotations 1, OUT/annotations.json says in numbers what each
hand of a set looks like, and where wrist, knuckles, joints and fingertips are in each picture, for train_encoder.

Options of all:
  --seed S         another collection of people        [0]
  --first ID       number of the first identity        [1; set: 1051]
  --identities N   how many                            [sheet 8, set 24, market 10]
  --side PIXELS    of each picture, 16 to 4096         [320]
  --help
Options of sheet and set:
  --images M       of each identity on the sheet       [6]
  --queries N      of each identity in the query set   [4]
  --gallery N      of each identity in the gallery     [1]
";

type Failure = Box<dyn std::error::Error>;

/// What to do and how.
struct Task {
    command: String,
    out: PathBuf,
    seed: u64,
    first: Option<u64>,
    identities: Option<u64>,
    images: u64,
    queries: u64,
    gallery: u64,
    side: u32,
    annotations: bool,
}

fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    if arguments.is_empty() || arguments.iter().any(|argument| argument == "--help" || argument == "-h") {
        print!("{HELP}");
        return ExitCode::SUCCESS;
    }
    match Task::parse(Parser::from_args(arguments)).and_then(|task| task.run()) {
        Ok(message) => {
            println!("{message}");
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("draw_hands: {failure}\nTry draw_hands --help");
            ExitCode::FAILURE
        }
    }
}

impl Task {
    fn parse(mut parser: Parser) -> Result<Self, Failure> {
        let mut words = Vec::new();
        let mut task = Self {
            command: String::new(),
            out: PathBuf::new(),
            seed: 0,
            first: None,
            identities: None,
            images: 6,
            queries: 4,
            gallery: 1,
            side: DEFAULT_SIDE,
            annotations: false,
        };
        while let Some(argument) = parser.next()? {
            match argument {
                Arg::Value(word) => words.push(word),
                Arg::Long(name) => {
                    let name = name.to_owned();
                    let number =
                        parser.value()?.parse::<u64>().map_err(|error| format!("--{name}: {error}"))?;
                    task.set(&name, number)?;
                }
                other => return Err(other.unexpected().into()),
            }
        }
        let [command, out]: [OsString; 2] =
            words.try_into().map_err(|_| "a command (sheet, set or market) and where to write are needed")?;
        (task.command, task.out) = (command.string()?, out.into());
        Ok(task)
    }

    fn set(&mut self, name: &str, number: u64) -> Result<(), Failure> {
        let within = |low: u64, high: u64| {
            let message = format!("--{name} is {number}, expected {low} to {high}");
            if (low..=high).contains(&number) { Ok(number) } else { Err(message) }
        };
        match name {
            "seed" => self.seed = number,
            "first" => self.first = Some(within(0, 9_000_000)?),
            "identities" => self.identities = Some(within(1, 100_000)?),
            "images" => self.images = within(1, 1000)?,
            "queries" => self.queries = within(0, 1000)?,
            "gallery" => self.gallery = within(0, 1000)?,
            "annotations" => self.annotations = within(0, 1)? == 1,
            "side" => self.side = within(16, 4096)? as u32,
            _ => return Err(format!("there is no option --{name}").into()),
        }
        Ok(())
    }

    /// Returns what was written, in words.
    fn run(&self) -> Result<String, Failure> {
        let first = self.first.unwrap_or(if self.command == "set" { 1051 } else { 1 });
        match self.command.as_str() {
            "sheet" => self.sheet(first, self.identities.unwrap_or(8)),
            "set" => self.write(&folders(first, self.identities.unwrap_or(24), self.queries, self.gallery)),
            "market" => self.write(&market(first, self.identities.unwrap_or(10))),
            other => Err(format!("{other} is no command: sheet, set and market are").into()),
        }
    }

    fn sheet(&self, first: u64, identities: u64) -> Result<String, Failure> {
        let (width, height) = (u64::from(self.side) * self.images, u64::from(self.side) * identities);
        if width * height > 100_000_000 {
            return Err(format!("the sheet has {width} × {height} pixels, expected up to 100 million").into());
        }
        let mut sheet = image::RgbImage::new(width as u32, height as u32);
        for row in 0..identities {
            let hand = Hand::new(self.seed, first + row);
            for column in 0..self.images {
                let drawing = draw(&hand, &Shot::new(self.seed, hand.identity, column), self.side).image;
                let tile = image::RgbImage::from_raw(drawing.width, drawing.height, drawing.pixels);
                let place = [column, row].map(|index| (index * u64::from(self.side)) as i64);
                image::imageops::replace(
                    &mut sheet,
                    &tile.ok_or("the drawing has no pixels")?,
                    place[0],
                    place[1],
                );
            }
        }
        sheet.save(&self.out).map_err(|error| format!("{}: {error}", self.out.display()))?;
        Ok(format!("{}: {identities} identities, {} pictures each", self.out.display(), self.images))
    }

    fn write(&self, pictures: &[Picture]) -> Result<String, Failure> {
        let mut bytes = 0;
        let (mut traits, mut landmarks) = (BTreeMap::new(), BTreeMap::new());
        for picture in pictures {
            let drawing = picture.draw(self.seed, self.side);
            let file = drawing.jpeg()?;
            bytes += file.len();
            write_file(&self.out.join(&picture.path), &file)?;
            if self.annotations {
                let (_, name) = picture.path.split_once('/').ok_or("a picture outside of a set")?;
                landmarks.insert(name, drawing.landmarks.map(|point| shares(point, self.side)));
                let hand = || Hand::new(self.seed, picture.identity).traits();
                traits.entry(folder_name(picture.identity)).or_insert_with(hand);
            }
        }
        if self.annotations {
            let annotations = serde_json::json!({ "traits": traits, "landmarks": landmarks });
            write_file(&self.out.join("annotations.json"), &serde_json::to_vec(&annotations)?)?;
        }
        let paths: Vec<_> = pictures.iter().map(|picture| &picture.path).collect();
        write_file(&self.out.join("index.json"), &serde_json::to_vec(&paths)?)?;
        Ok(format!("{}: {} pictures, {} kB", self.out.display(), pictures.len(), bytes / 1000))
    }
}

/// Pixel coordinates as shares of the side; (0, 0) is the corner of the picture.
fn shares(point: [f32; 2], side: u32) -> [f32; 2] {
    point.map(|coordinate| (coordinate + 0.5) / side as f32)
}

/// Writes a file and the folders it needs.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    std::fs::write(path, bytes).map_err(|error| format!("{}: {error}", path.display()).into())
}
