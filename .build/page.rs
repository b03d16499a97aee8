//! The WebAssembly package of the page: all that `reid_web` exports to JavaScript. An example, so that packages of
//! different features lie beside each other in one target directory and none is compiled again for the sake of another.

use reid_web as _;

fn main() {}
