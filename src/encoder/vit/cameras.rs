//! CLIP-ReID's embeddings of cameras (side information, SIE): what a file says about them, and which one belongs to
//! an image.
//!
//! `sie_coe * cv_embed[camera]` is added to the class token before the positional embedding and the first layer norm.
//!
//! Source: Syliz517/CLIP-ReID@eb1898b `model/make_model_clipreid.py`, `model/clip/model.py`; its README evaluates with
//! `MODEL.SIE_COE 1.0`, its `config/defaults.py` has 3.0.

use serde_json::json;

use crate::encoder::naming::clip_reid::CAMERAS;
use crate::encoder::options::assumption::Assumption;
use crate::encoder::options::choices::Choices;
use crate::encoder::plan::plain_names::PlainNames;
use crate::encoder::plan::tower_search::Tower;
use crate::encoder::{Architecture, CameraEmbedding, CameraUse, VitConfig};
use crate::{Error, Result};

/// What CLIP-ReID's README evaluates with, and the default of its configurations.
const COEFFICIENTS: [f32; 2] = [1.0, 3.0];
/// More are products of cameras and viewpoints, such as the 20 × 8 of VeRi-776, and no label tells the viewpoint.
const MOST_CAMERAS: usize = 159;

/// The network with embeddings of cameras if they were chosen, and what can be chosen; nothing if the file has none.
///
/// # Errors
///
/// [`Error::Config`] if they are chosen and not there, or are for viewpoints as well.
pub(crate) fn with_cameras(
    config: Architecture,
    names: &PlainNames,
    tower: &Tower,
    choices: &Choices,
) -> Result<(Architecture, Vec<Assumption>)> {
    let is_used = choices.camera_embedding == Some(CameraUse::Used);
    let count =
        tower.origin().root().and_then(|root| names.get(&format!("{root}{CAMERAS}"))?.shape.first().copied());
    match (config, count) {
        (Architecture::Vit(config), Some(cameras)) => {
            let coefficient = choices.camera_coefficient.unwrap_or(COEFFICIENTS[0]);
            check(cameras, coefficient, is_used)?;
            let camera_embedding = is_used.then_some(CameraEmbedding { cameras, coefficient });
            let assumptions = assumptions(cameras, coefficient, is_used);
            Ok((VitConfig { camera_embedding, ..config }.into(), assumptions))
        }
        (_, _) if is_used => Err(Error::Config(format!(
            "camera_embedding is used, but the file has no embeddings of cameras ({CAMERAS})"
        ))),
        (config, _) => Ok((config, Vec::new())),
    }
}

fn check(cameras: usize, coefficient: f32, is_used: bool) -> Result<()> {
    if is_used && cameras > MOST_CAMERAS {
        return Err(Error::Config(format!(
            "camera_embedding is used, but the {cameras} embeddings in {CAMERAS} are for cameras and viewpoints, \
             and no label tells an image's viewpoint; expected left_out"
        )));
    }
    match coefficient.is_finite() {
        true => Ok(()),
        false => Err(Error::Config(format!("camera_coefficient is {coefficient}, expected a finite number"))),
    }
}

fn assumptions(cameras: usize, coefficient: f32, is_used: bool) -> Vec<Assumption> {
    let mut choices = vec![json!(CameraUse::LeftOut)];
    if cameras <= MOST_CAMERAS {
        choices.push(json!(CameraUse::Used));
    }
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let value = if is_used { CameraUse::Used } else { CameraUse::LeftOut };
    let found = format!(
        "The file has embeddings of {cameras} cameras ({CAMERAS}), which CLIP-ReID's published evaluation adds"
    );
    let reason = match (is_used, cameras <= MOST_CAMERAS) {
        (true, _) => format!(
            "{found}. Each image gets the one of its camera, so that camera must be known: 1 to {cameras}."
        ),
        (false, true) => format!("{found}. They are left out: the camera of an image makes no difference."),
        (false, false) => {
            format!("{found}. They are left out: they are for viewpoints as well, which no label tells.")
        }
    };
    let mut assumptions = vec![Assumption {
        field: "camera_embedding",
        value: text(&json!(value)),
        choices: choices.iter().map(text).collect(),
        reason,
    }];
    if is_used {
        assumptions.push(coefficient_assumption(coefficient));
    }
    assumptions
}

fn coefficient_assumption(coefficient: f32) -> Assumption {
    let mut choices = COEFFICIENTS.to_vec();
    if !choices.contains(&coefficient) {
        choices.push(coefficient);
    }
    Assumption {
        field: "camera_coefficient",
        value: coefficient.to_string(),
        choices: choices.iter().map(f32::to_string).collect(),
        reason: "The weights do not tell (MODEL.SIE_COE): CLIP-ReID's published models have 1, the default of its \
                 configuration is 3.".into(),
    }
}

impl CameraEmbedding {
    /// The index of a camera's embedding: CLIP-ReID counts from 0, the data sets number cameras from 1.
    ///
    /// - `camera`: as in labels: "3", "c3", "003", "cam3"
    ///
    /// # Errors
    ///
    /// [`Error::Camera`] if the camera is unknown, not a number, or not one of them.
    pub fn index_of(&self, camera: Option<&str>) -> Result<usize> {
        let cameras = self.cameras;
        let Some(camera) = camera else {
            return Err(Error::Camera { found: "unknown".into(), cameras });
        };
        let digits =
            camera.trim().trim_start_matches(|letter: char| !letter.is_ascii_digit() && letter != '-');
        let number = digits.parse::<usize>().ok().filter(|number| (1..=cameras).contains(number));
        number
            .map(|number| number - 1)
            .ok_or_else(|| Error::Camera { found: format!("\"{camera}\""), cameras })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cameras_are_numbered_from_1() {
        let cameras = CameraEmbedding { cameras: 6, coefficient: 1.0 };
        for camera in ["1", "c1", "001", "cam_1", " 1 "] {
            assert_eq!(cameras.index_of(Some(camera)).unwrap(), 0, "{camera}");
        }
        assert_eq!(cameras.index_of(Some("6")).unwrap(), 5);
        for camera in [None, Some("0"), Some("7"), Some("-1"), Some("left"), Some("1s2"), Some("")] {
            let message = cameras.index_of(camera).unwrap_err().to_string();
            assert!(message.contains("expected 1 to 6"), "{message}");
        }
    }
}
