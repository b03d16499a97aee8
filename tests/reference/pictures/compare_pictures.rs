//! Compares what is read with what Pillow reads, for the folder that `tests/reference/pictures/make_odd_pictures.py` writes.
//!
//! ```text
//! cargo run --release --no-default-features --example compare_pictures -- FOLDER
//! ```
//!
//! Fails if a picture that both read has other pixels, or if a picture that is cut off is read. Of pictures whose end is
//! overwritten by zeros it says how many are read: not all can be told.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use reid_web::image::{RgbImage, decode};

#[derive(Default)]
struct Counts {
    equal: usize,
    different: usize,
    refused: usize,
    only_here: usize,
    neither: usize,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let folder = PathBuf::from(env::args().nth(1).ok_or("the folder is missing")?);
    let mut counts = Counts::default();
    for path in files(&folder.join("files"))? {
        compare(&path, &folder.join("pixels"), &mut counts)?;
    }
    let (made_up, _) = read_of(&folder.join("cut"))?;
    let (zeroed, all_zeroed) = read_of(&folder.join("zeroed"))?;
    let Counts { equal, different, refused, only_here, neither } = counts;
    println!("both read: {equal} equal, {different} different");
    println!("only Pillow reads {refused}, only reid-web {only_here}, neither {neither}");
    println!("cut off, but read: {made_up}");
    println!("overwritten by zeros at the end, but read: {zeroed} of {all_zeroed}");
    Ok(if different + made_up == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// How many damaged files of a folder are read, and how many there are.
fn read_of(folder: &Path) -> Result<(usize, usize), Box<dyn Error>> {
    let paths = files(folder)?;
    let mut read = 0;
    for path in &paths {
        match decode(&fs::read(path)?) {
            Ok(_) => {
                read += 1;
                println!("{}: damaged, but read", name(path));
            }
            Err(error) => println!("{}: refused: {error}", name(path)),
        }
    }
    Ok((read, paths.len()))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<std::io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn compare(path: &Path, pixels: &Path, counts: &mut Counts) -> Result<(), Box<dyn Error>> {
    let name = name(path);
    let expected = pixels.join(format!("{name}.png"));
    match (decode(&fs::read(path)?), expected.exists()) {
        (Ok(found), true) => match difference(&found, &decode(&fs::read(expected)?)?) {
            None => counts.equal += 1,
            Some(text) => {
                counts.different += 1;
                println!("{name}: {text}");
            }
        },
        (Ok(_), false) => {
            counts.only_here += 1;
            println!("{name}: Pillow does not read it");
        }
        (Err(error), true) => {
            counts.refused += 1;
            println!("{name}: Pillow reads it: {error}");
        }
        (Err(error), false) => {
            counts.neither += 1;
            println!("{name}: neither: {error}");
        }
    }
    Ok(())
}

/// In words; `None` if the images are equal.
fn difference(found: &RgbImage, expected: &RgbImage) -> Option<String> {
    let sizes = [found, expected].map(|image| (image.width, image.height));
    if sizes[0] != sizes[1] {
        return Some(format!("size {:?}, expected {:?}", sizes[0], sizes[1]));
    }
    let differences = found.pixels.iter().zip(&expected.pixels).map(|(a, b)| a.abs_diff(*b));
    let sum: u64 = differences.clone().map(u64::from).sum();
    let largest = differences.max().filter(|&largest| largest > 0)?;
    Some(format!("mean difference {:.3}, largest {largest}", sum as f64 / found.pixels.len() as f64))
}
