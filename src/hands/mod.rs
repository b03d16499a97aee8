//! Pictures of hands that belong to nobody.
//!
//! A [`Hand`] is what stays: bones, skin, nails, wrinkles, veins, marks. A [`Shot`] is what changes:
//! gesture, framing, light, ground, camera. [`draw`] brings them together:
//!
//! ```text
//! Hand + Shot → pose → body → surface (+ details, nails, jewellery) → light → film → RgbImage
//! ```
//!
//! Hand space is in millimetres: the wrist is at (0, 0), the fingers point to +y, the thumb to -x.
//! The same seed gives the same pixels: all randomness is ChaCha8, all transcendental functions are
//! libm's.

mod anatomy;
mod background;
mod body;
mod brush;
pub mod collection;
mod creases;
mod details;
mod drawing;
mod film;
mod geometry;
mod identity;
mod jewellery;
mod layer;
mod light;
mod marks;
mod nails;
mod noise;
mod pose;
mod random;
mod shot;
mod skin;
mod surface;
mod traits;
mod veins;
mod view;

pub use anatomy::{Anatomy, FINGER_NAMES, Finger};
pub use background::{Background, Material};
pub use creases::{Crease, FingerCreases};
pub use drawing::{DEFAULT_SIDE, Drawing, LANDMARKS, draw};
pub use film::Film;
pub use identity::Hand;
pub use jewellery::{Ring, Watch};
pub use light::Light;
pub use marks::{Hair, Place, Scar, Spot};
pub use nails::Nails;
pub use shot::{Framing, Gesture, RING_RATE, Shot, WATCH_RATE};
pub use skin::Skin;
pub use veins::Vein;
