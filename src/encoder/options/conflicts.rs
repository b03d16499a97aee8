//! Choices that a network cannot follow: they are refused, so that no result is taken for that of another choice.

use crate::encoder::options::choices::Choices;
use crate::encoder::{Activation, Architecture, Arithmetic, Feature, LastStage};
use crate::{Error, Result};

/// Refuses choices that differ from what the network has, or concern what it does not have.
///
/// - `config`: the final network
/// - `file`: the name of its configuration, if there is one
///
/// # Errors
///
/// [`Error::Config`] names the first such choice, and what the network has instead.
pub(crate) fn check_followed(choices: &Choices, config: &Architecture, file: Option<&str>) -> Result<()> {
    let fields = chosen(choices, config).into_iter();
    let odd = fields.filter_map(|(field, chosen, found)| Some((field, chosen?, found)));
    let mut odd = odd.filter(|(_, chosen, found)| found.as_ref() != Some(chosen));
    odd.next().map_or(Ok(()), |(field, chosen, found)| {
        let why = match (field, found, file) {
            ("feature", Some(found), _) => format!("by its tensors it is {found}"),
            (_, Some(found), Some(file)) => format!("{file} says {found}"),
            (_, Some(found), None) => format!("it is {found}"),
            ("camera_coefficient", None, _) => "camera_embedding is not used".into(),
            (_, None, _) => format!("{} has none", config.family().in_words()),
        };
        Err(refused(field, &chosen, &why))
    })
}

/// Refuses choices about pixels if a file says what to do with them.
///
/// # Errors
///
/// [`Error::Config`] names the first such choice.
pub(crate) fn check_own_pixels(choices: &Choices, file: &str) -> Result<()> {
    let pixels = [
        ("resize", choices.resize.map(|resize| resize.name())),
        ("mean_std", choices.mean_std.map(|mean_std| mean_std.name())),
    ];
    let first = pixels.into_iter().find_map(|(field, chosen)| Some((field, chosen?)));
    first.map_or(Ok(()), |(field, chosen)| {
        Err(refused(field, chosen, &format!("{file} says what to do with the pixels")))
    })
}

fn refused(field: &str, chosen: &str, why: &str) -> Error {
    Error::Config(format!("{field} = {chosen} was chosen, but {why}"))
}

/// Field, what was chosen, and what the network has.
type Field = (&'static str, Option<String>, Option<String>);

fn chosen(choices: &Choices, config: &Architecture) -> [Field; 7] {
    let (vit, resnet) = (config.vit(), config.resnet());
    let heads = vit.map(|vit| vit.heads).or(resnet.map(|resnet| resnet.heads));
    let coefficient = vit.and_then(|vit| vit.camera_embedding).map(|cameras| cameras.coefficient);
    let arithmetic = choices.arithmetic.filter(|arithmetic| *arithmetic != Arithmetic::F32);
    let text = |name: &str| name.to_owned();
    [
        ("heads", choices.heads.map(|heads| heads.to_string()), heads.map(|heads| heads.to_string())),
        (
            "activation",
            choices.activation.map(Activation::name).map(text),
            vit.map(|vit| text(vit.activation.name())),
        ),
        ("stride", choices.stride.map(|stride| stride.to_string()), vit.map(|vit| vit.stride().to_string())),
        ("feature", choices.feature.map(Feature::name).map(text), vit.map(|vit| text(vit.feature.name()))),
        (
            "last_stage",
            choices.last_stage.map(LastStage::name).map(text),
            resnet.map(|resnet| text(resnet.last_stage.name())),
        ),
        (
            "camera_coefficient",
            choices.camera_coefficient.map(|chosen| chosen.to_string()),
            coefficient.map(|coefficient| coefficient.to_string()),
        ),
        // A ResNet always has F32.
        (
            "arithmetic",
            arithmetic.map(Arithmetic::name).map(text),
            vit.and(arithmetic).map(|one| text(one.name())),
        ),
    ]
}
