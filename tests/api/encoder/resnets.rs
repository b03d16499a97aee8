//! CLIP's ResNets: what is concluded of their shape, and what is said of broken ones.

#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

use burn::tensor::Device;
use reid_web::encoder::{ConfigFile, LastStage, Naming, ResNetConfig, TowerBuilder, TowerPlan};
use reid_web::weights::{Header, TensorInfo};

use crate::encoder::clip::ready;
use crate::encoder::towers::{OPENCLIP, RESNET, RESNET_REID, TOWERS, Tower, largest_difference};

fn resnet(tower: Tower) -> ResNetConfig {
    tower.plan(None).unwrap().config().resnet().unwrap().clone()
}

fn embeddings(tower: Tower, choices: Option<&str>, pixels: Vec<f32>) -> Vec<f32> {
    let plan = tower.plan(choices).unwrap();
    ready(tower.load_plan(&plan, Device::flex()).unwrap().embed(pixels)).unwrap()
}

/// The fixture's header, altered.
fn altered(alter: impl Fn(&mut TensorInfo)) -> Header {
    let mut header = RESNET.header().unwrap();
    header.tensors.iter_mut().for_each(alter);
    header
}

#[track_caller]
fn assert_refused(header: &Header, config: Option<&str>, named: &[&str]) {
    let message = TowerPlan::new(header, config.map(ConfigFile::from), None).unwrap_err().to_string();
    for name in named {
        assert!(message.contains(name), "{message:?} does not name {name:?}");
    }
}

#[test]
fn the_shapes_of_the_weights_tell_the_configuration_of_a_resnet() {
    let choices = Some(r#"{"heads": 6}"#);
    let inferred = Tower { config: None, ..RESNET }.plan(choices).unwrap();
    // Of the 70 pixels a side no more than 64 leave a trace in the shapes.
    let expected = ResNetConfig { image_size: 64, ..resnet(RESNET) };
    assert_eq!(inferred.config().resnet(), Some(&expected));
    assert_eq!(inferred.naming(), Naming::OpenAi);

    let expected = ResNetConfig {
        image_size: 48,
        width: 4,
        layers: [1; 4],
        heads: 2,
        embed_dim: 24,
        last_stage: LastStage::Keeps,
    };
    assert_eq!(resnet(RESNET_REID), expected);
}

#[test]
fn a_resnet_is_described_in_words() {
    let description = |tower: Tower| tower.plan(None).unwrap().config().description();
    assert_eq!(description(RESNET), "modified ResNet: 1, 2, 1, 1 blocks, width 6, 6 heads");
    assert_eq!(
        description(RESNET_REID),
        "modified ResNet: 1, 1, 1, 1 blocks, width 4, 2 heads, last stage not halved"
    );
    assert_eq!(description(TOWERS[4]), "vision transformer: 2 layers, width 32, 1 head, quick_gelu");
}

#[test]
fn what_a_resnets_weights_do_not_tell_is_an_assumption_that_can_be_corrected() {
    let plan = RESNET_REID.plan(None).unwrap();
    let assumed = plan.assumptions().iter().map(|assumption| (assumption.field, &*assumption.value));
    let expected = [
        ("heads", "2"),
        ("last_stage", "keeps"),
        ("resize", "squash"),
        ("mean_std", "half"),
        ("augmentation", "none"),
    ];
    assert_eq!(assumed.collect::<Vec<_>>(), expected);
    for assumption in plan.assumptions() {
        assert!(assumption.choices.contains(&assumption.value), "{assumption:?}");
    }

    let halves = RESNET_REID.plan(Some(r#"{"last_stage": "halves"}"#)).unwrap();
    assert_eq!(halves.config().image_size(), [96, 96]);
    let expected = RESNET_REID.expected();
    let one_head = embeddings(RESNET_REID, Some(r#"{"heads": 1}"#), RESNET_REID.pixels());
    assert!(largest_difference(&one_head, &expected) > 1e-3);
}

#[test]
fn the_number_of_parameters_is_pytorchs() {
    let rn50 = r#"{"model_cfg": {"embed_dim": 1024, "vision_cfg": {"layers": [3, 4, 6, 3], "width": 64}}}"#;
    let rn50 = ConfigFile::from(rn50).read().unwrap();
    assert_eq!(rn50.parameters(), 38_316_896);
    assert_eq!(rn50.description(), "modified ResNet: 3, 4, 6, 3 blocks, width 64, 32 heads");

    for tower in [RESNET, RESNET_REID] {
        let plan = tower.plan(None).unwrap();
        let weights = plan.tensors().iter().filter(|tensor| !tensor.name.contains("running_"));
        let stored: usize = weights.map(|tensor| tensor.shape.iter().product::<usize>()).sum();
        assert_eq!(plan.config().parameters(), stored, "{}", tower.name);
    }
}

#[test]
fn images_have_the_same_embeddings_alone_and_in_a_batch() {
    let pixels = RESNET.pixels();
    let batch = embeddings(RESNET, None, pixels.clone());
    let (first, second) = pixels.split_at(pixels.len() / 2);
    let alone = [first, second].map(|image| embeddings(RESNET, None, image.to_vec())).concat();
    assert!(largest_difference(&batch, &alone) <= 1e-6);
}

#[test]
fn a_resnets_tensor_that_is_missing_unknown_or_misshapen_is_named() {
    let renamed = |from: &'static str, to: &'static str| {
        altered(move |tensor| {
            if tensor.name == from {
                tensor.name = to.into();
            }
        })
    };
    let gone = "visual.layer2.1.bn2.running_var";
    assert_refused(&renamed(gone, "text.bias"), RESNET.config, &[gone, "[12]", "missing"]);
    assert_refused(&renamed(gone, "text.bias"), None, &[gone, "[12]", "missing"]);
    assert_refused(&renamed("visual.conv3.weight", "text.weight"), None, &["visual.conv3.weight is missing"]);
    let unknown = "visual.layer2.1.bn4.running_var";
    assert_refused(
        &renamed(gone, unknown),
        RESNET.config,
        &[unknown, "does not belong", "1, 2, 1, 1 blocks"],
    );

    let kernel = "visual.layer1.0.conv2.weight";
    let misshapen = altered(|tensor| {
        if tensor.name == kernel {
            tensor.shape = vec![6, 6, 9, 1];
        }
    });
    assert_refused(&misshapen, RESNET.config, &[kernel, "[6, 6, 9, 1]", "[6, 6, 3, 3]"]);
    let rectangular = altered(|tensor| {
        if tensor.name.ends_with("attnpool.positional_embedding") {
            tensor.shape[0] = 7;
        }
    });
    assert_refused(&rectangular, None, &["attnpool.positional_embedding", "6 patches, which fill no square"]);
}

#[test]
fn a_configuration_of_another_kind_of_network_is_refused() {
    let header = || RESNET.header().unwrap();
    assert_refused(&header(), TOWERS[0].config, &["those of a ResNet", "vision transformer: 3 layers"]);
    let transformer = OPENCLIP.header().unwrap();
    assert_refused(&transformer, RESNET.config, &["those of a Vision Transformer", "modified ResNet: 1, 2"]);

    for (from, to, named) in [
        ("\"layers\": [", "\"layers\": [3, ", "expected a number"),
        ("\"width\": 6", "\"width\": 7", "width is 7"),
        ("\"width\": 6", "\"width\": 4096", "width is 4096"),
        ("\"head_width\": 32", "\"head_width\": 0", "heads is 0"),
        ("\"head_width\": 32", "\"head_width\": 37", "not a multiple of 5 heads"),
        ("\"image_size\": 70", "\"image_size\": 20", "image_size is 20"),
        ("\"image_size\": 70", "\"image_size\": 128", "[17, 192]"),
    ] {
        let config = RESNET.config.unwrap();
        assert!(config.contains(from), "{from}");
        assert_refused(&header(), Some(&config.replace(from, to)), &[named]);
    }
}

#[test]
fn a_variance_below_zero_and_a_tensor_not_handed_in_are_errors() {
    let plan = RESNET.plan(None).unwrap();
    let build = |hand_in: &dyn Fn(&TensorInfo) -> Option<f32>| {
        let mut builder = TowerBuilder::new(plan.clone(), Device::flex());
        for tensor in plan.tensors() {
            let count = tensor.shape.iter().product::<usize>();
            if let Some(value) = hand_in(tensor) {
                builder.insert(&tensor.name, "F32", &value.to_le_bytes().repeat(count)).unwrap();
            }
        }
        builder.finish().map(|_| ()).unwrap_err().to_string()
    };
    let negative =
        build(&|tensor| Some(if tensor.name.ends_with("layer3.0.bn1.running_var") { -1.0 } else { 0.5 }));
    assert!(negative.contains("layer3.0.bn1.running_var holds -1"), "{negative}");
    let absent = build(&|tensor| (!tensor.name.ends_with("attnpool.k_proj.bias")).then_some(0.5));
    assert!(absent.contains("attnpool.k_proj.bias [192]"), "{absent}");
}
