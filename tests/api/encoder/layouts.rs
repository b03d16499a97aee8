//! Image towers as they are published: their layouts, and what is concluded where no configuration says it.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use crate::encoder::clip::ready;
use crate::encoder::tower_weights::{Stored, Weights};
use crate::encoder::towers::{
    CLIP_REID, HANDID, LAYOUTS, ONE_HEAD, OPENAI, OPENCLIP, RECTANGLE, RESNET, TOWERS, Tower,
    largest_difference,
};
use burn::tensor::Device;
use reid_web::encoder::{Activation, Naming, TowerBuilder, TowerPlan, VitConfig};
use reid_web::image::Preprocessor;
use reid_web::weights::Header;

fn embeddings(tower: Tower) -> Vec<f32> {
    ready(tower.load(Device::flex()).unwrap().embed(tower.pixels())).unwrap()
}

#[test]
fn a_tower_has_the_same_embeddings_in_every_layout() {
    assert_eq!(embeddings(ONE_HEAD), embeddings(TOWERS[4]));
    assert_eq!(embeddings(CLIP_REID), embeddings(OPENAI));
}

#[test]
fn the_shapes_of_the_weights_tell_the_configuration() {
    for tower in TOWERS {
        let heads = tower.config().heads;
        let choices =
            format!("{{\"heads\": {heads}, \"activation\": \"{}\"}}", tower.config().activation.name());
        let inferred = Tower { config: None, ..tower }.plan(Some(&choices));
        let expected =
            VitConfig { image_size: [0; 2], trained_size: [0; 2], layer_norm_eps: 0.0, ..tower.config() };
        // A remainder of the image at its right and bottom leaves no trace; neither does epsilon.
        let found = inferred.unwrap().config().vit().unwrap().clone();
        assert_eq!(found.grid(), tower.config().grid());
        assert_eq!(
            VitConfig { image_size: [0; 2], trained_size: [0; 2], layer_norm_eps: 0.0, ..found },
            expected,
            "{}",
            tower.name
        );
    }
}

#[test]
fn what_the_weights_do_not_tell_is_an_assumption_that_can_be_corrected() {
    let plan = OPENAI.plan(None).unwrap();
    assert_eq!(plan.naming(), Naming::OpenAi);
    let fields: Vec<_> =
        plan.assumptions().iter().map(|assumption| (assumption.field, &*assumption.value)).collect();
    let expected = [
        ("activation", "quick_gelu"),
        ("heads", "1"),
        ("image_size", "48x48"),
        ("resize", "shortest"),
        ("mean_std", "clip"),
        ("arithmetic", "f32"),
        ("augmentation", "none"),
    ];
    assert_eq!(fields, expected);
    for assumption in plan.assumptions() {
        assert!(assumption.choices.contains(&assumption.value), "{assumption:?}");
    }

    let choices = r#"{"activation": "gelu", "heads": 2, "resize": "squash", "mean_std": "half"}"#;
    let corrected = OPENAI.plan(Some(choices)).unwrap();
    let config = corrected.config().vit().unwrap();
    assert_eq!((config.activation, config.heads), (Activation::Gelu, 2));
    let values: Vec<_> = corrected.assumptions().iter().map(|assumption| &*assumption.value).collect();
    assert_eq!(values, ["gelu", "2", "48x48", "squash", "half", "f32", "none"]);
    let other = OPENAI.load_plan(&corrected, Device::flex()).unwrap();
    let other = ready(other.embed(OPENAI.pixels())).unwrap();
    assert!(largest_difference(&other, &embeddings(OPENAI)) > 1e-3);

    for (choices, named) in [("{\"heads\": 3}", "not a multiple"), ("{\"head\": 2}", "head"), ("[", "choice")]
    {
        let message = OPENAI.plan(Some(choices)).unwrap_err().to_string();
        assert!(message.contains(named), "{choices}: {message}");
    }
}

#[test]
fn the_features_around_the_neck_are_to_be_chosen() {
    let embed = |feature: &str| {
        let plan = HANDID.plan(Some(&format!("{{\"feature\": \"{feature}\"}}"))).unwrap();
        assert!(plan.assumptions().iter().any(|assumption| assumption.value == feature), "{feature}");
        let encoder = HANDID.load_plan(&plan, Device::flex()).unwrap();
        let embeddings = ready(encoder.embed(HANDID.pixels())).unwrap();
        assert_eq!(embeddings.len(), 2 * encoder.config().embed_dim(), "{feature}");
        embeddings
    };
    assert_eq!(embed("neck"), embeddings(HANDID));
    assert_eq!(embed("projection"), embeddings(OPENAI));
    let concatenated = Tower {
        expected: include_bytes!("../../fixtures/layouts/handid/concatenated.safetensors"),
        ..HANDID
    };
    let difference = largest_difference(&embed("concatenated"), &concatenated.expected());
    assert!(difference <= 1e-5, "{difference}");

    let fields = |tower: Tower| {
        tower.plan(None).unwrap().assumptions().iter().map(|one| one.field).collect::<Vec<_>>()
    };
    assert!(fields(HANDID).contains(&"feature"));
    assert!(!fields(CLIP_REID).contains(&"feature"), "its batch norms are not whole");
    let message = OPENAI.plan(Some(r#"{"feature": "neck"}"#)).unwrap_err().to_string();
    assert!(message.contains("tensor bottleneck."), "{message}");
}

#[test]
fn a_rectangle_is_recognised_by_its_places() {
    let plan = RECTANGLE.plan(None).unwrap();
    assert_eq!(plan.config().image_size(), [48, 24]);
    let size = plan.assumptions().iter().find(|assumption| assumption.field == "image_size").unwrap();
    assert_eq!(size.value, "48x24");
    assert_eq!(size.choices, ["48x24", "224x224", "336x336", "256x128", "384x128"]);
    let preprocessor = Preprocessor::from_json(plan.preprocessor(), [48, 24]).unwrap();
    assert_eq!(preprocessor.description(), "stretched to 24 × 48 (bicubic), mean 0.5, std 0.5");
}

macro_rules! interpolated {
    ($tower:expr, $name:literal, $size:expr) => {
        (
            $tower,
            include_bytes!(concat!("../../fixtures/layouts/interpolated/", $name, ".safetensors")),
            $size,
        )
    };
}

#[test]
fn places_are_interpolated_for_other_sizes() {
    let sizes: [(Tower, &[u8], [usize; 2]); 4] = [
        interpolated!(TOWERS[0], "quick-gelu-64x32", [64, 32]),
        interpolated!(TOWERS[0], "quick-gelu-48x48", [48, 48]),
        interpolated!(TOWERS[0], "quick-gelu-24x80", [24, 80]),
        interpolated!(TOWERS[2], "odd-size-60x23", [60, 23]),
    ];
    for (tower, expected, size) in sizes {
        let choices = format!("{{\"image_size\": \"{}x{}\"}}", size[0], size[1]);
        let plan = tower.plan(Some(&choices)).unwrap();
        assert_eq!(plan.config().image_size(), size);
        let encoder = tower.load_plan(&plan, Device::flex()).unwrap();
        let found = ready(encoder.embed(tower.pixels_of(size))).unwrap();
        let difference = largest_difference(&found, &Tower { expected, ..tower }.expected());
        assert!(difference <= 1e-5, "{choices}: {difference}");
    }
    for wished in ["256", "256 x 128", "7x32", "2000x32", "x"] {
        let choices = format!("{{\"image_size\": \"{wished}\"}}");
        let message = TOWERS[0].plan(Some(&choices)).unwrap_err().to_string();
        assert!(message.contains("expected HEIGHTxWIDTH in pixels, from 8 to 1024"), "{message}");
    }
    let message = RESNET.plan(Some(r#"{"image_size": "70x70"}"#)).unwrap_err().to_string();
    assert!(message.contains("with its own size only"), "{message}");
}

#[test]
fn pixels_follow_the_size() {
    let words =
        |json: &str, size| Preprocessor::from_json(json, [224, 224]).unwrap().for_size(size).description();
    let shortest = r#"{"size": {"shortest_edge": 256}}"#;
    assert_eq!(
        words(shortest, [224, 224]),
        "shortest side to 256 (bicubic), centre crop 224 × 224, CLIP's mean and std"
    );
    assert_eq!(
        words(shortest, [336, 336]),
        "shortest side to 384 (bicubic), centre crop 336 × 336, CLIP's mean and std"
    );
    assert_eq!(words(shortest, [256, 128]), "stretched to 128 × 256 (bicubic), CLIP's mean and std");
    let squash = r#"{"size": {"height": 224, "width": 224}, "do_center_crop": false}"#;
    assert_eq!(words(squash, [112, 112]), "stretched to 112 × 112 (bicubic), CLIP's mean and std");
}

#[test]
fn a_neck_whose_variance_is_negative_is_refused() {
    let mut weights = Weights::of(&HANDID);
    let (_, variance) =
        weights.tensors.iter_mut().find(|(name, _)| name == "bottleneck_proj.running_var").unwrap();
    variance[3] = -0.25;
    let builder = TowerBuilder::new(weights.plan.clone(), Device::flex());
    let message = weights.feed(builder, Stored::F32).unwrap_err().to_string();
    assert!(message.contains("running_var") && message.contains("-0.25"), "{message}");
}

#[test]
fn a_configuration_leaves_only_the_pixels_to_be_assumed() {
    let fields = |tower: Tower| {
        let plan = tower.plan(None).unwrap();
        plan.assumptions().iter().map(|assumption| assumption.field).collect::<Vec<_>>()
    };
    assert_eq!(fields(TOWERS[0]), ["image_size", "resize", "mean_std", "arithmetic", "augmentation"]);
    assert_eq!(fields(OPENCLIP), ["image_size", "arithmetic", "augmentation"]);
}

#[test]
fn pixels_are_prepared_as_the_projects_do_whose_checkpoints_they_are() {
    let described = |tower: Tower| {
        let plan = tower.plan(None).unwrap();
        let preprocessor =
            Preprocessor::from_json(plan.preprocessor(), plan.config().image_size().map(|side| side as u32))
                .unwrap();
        preprocessor.description().to_owned()
    };
    assert_eq!(described(OPENAI), "shortest side to 48 (bicubic), centre crop 48 × 48, CLIP's mean and std");
    assert_eq!(described(OPENCLIP), "stretched to 24 × 24 (bicubic), mean 0.5, std 0.5");
    assert_eq!(described(CLIP_REID), "stretched to 48 × 48 (bicubic), mean 0.5, std 0.5");
}

#[test]
fn what_is_no_image_tower_is_refused_by_name() {
    let header = |names: &[&str]| {
        let whole = OPENAI.header().unwrap();
        let tensors =
            whole.tensors.into_iter().filter(|tensor| names.iter().any(|name| tensor.name.contains(name)));
        Header { tensors: tensors.collect(), unusable: vec![] }
    };
    let refused = |header: Header, named: &str| {
        let message = TowerPlan::new(&header, None, None).unwrap_err().to_string();
        assert!(message.contains(named), "{message}");
    };
    refused(header(&["token_embedding"]), "none of its 1 tensors (first: token_embedding.weight)");
    refused(header(&["visual.class_embedding"]), "visual.conv1.weight is missing");
    refused(
        header(&["visual.class", "visual.conv1", "visual.pos", "resblocks.0", "visual.proj"]),
        "visual.ln_p",
    );

    let mut rectangular = OPENAI.header().unwrap();
    let places =
        rectangular.tensors.iter_mut().find(|tensor| tensor.name == "visual.positional_embedding").unwrap();
    places.shape[0] = 1 + 11;
    refused(rectangular, "is for 11 patches, expected those of a square, or of a rectangle");

    let mut unusable = OPENAI.header().unwrap();
    unusable.tensors.retain(|tensor| tensor.name != "visual.ln_post.bias");
    unusable.unusable.push(("visual.ln_post.bias".into(), "it is transposed".into()));
    refused(unusable, "visual.ln_post.bias cannot be used: it is transposed");
}

#[test]
fn the_image_tower_alone_makes_a_smaller_file_with_the_same_embeddings() {
    for tower in LAYOUTS {
        let plan = tower.plan(None).unwrap();
        let subset = plan.subset();
        let blocks =
            subset.blocks.iter().map(|block| &tower.weights[block.start as usize..block.end as usize]);
        let file = [&[&subset.header[..]][..], &blocks.collect::<Vec<_>>()].concat().concat();
        let smaller = Tower { weights: Box::leak(file.into_boxed_slice()), ..tower };
        assert_eq!(embeddings(smaller), embeddings(tower), "{}", tower.name);
    }
}
