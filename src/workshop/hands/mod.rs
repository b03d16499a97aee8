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

pub mod collection;
mod drawing;
mod hand;
mod math;
mod shot;

pub use drawing::drawing::{DEFAULT_SIDE, Drawing, LANDMARKS, draw};
pub use hand::anatomy::{Anatomy, FINGER_NAMES, Finger};
pub use hand::creases::{Crease, FingerCreases};
pub use hand::identity::Hand;
pub use hand::marks::{Hair, Place, Scar, Spot};
pub use hand::nails::Nails;
pub use hand::skin::Skin;
pub use hand::veins::Vein;
pub use shot::background::{Background, Material};
pub use shot::film::Film;
pub use shot::jewellery::{Ring, Watch};
pub use shot::light::Light;
pub use shot::shot::{Framing, Gesture, RING_RATE, Shot, WATCH_RATE};
