//! Which files may hold the weights of a model: by their names or, where those are not enough, by their first bytes.

use super::legacy::is_legacy;

/// What a file is by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WeightName {
    /// Files with such an ending are weights.
    Weights,
    /// They can be anything: see [`looks_like_weights`].
    Perhaps,
}

/// What training programs store beside the weights.
const OF_TRAINERS: [&str; 7] =
    ["optimizer", "optimizers", "optim", "scheduler", "schedulers", "scaler", "sampler"];
const TRAINERS_BEGINNINGS: [&str; 4] = ["training_args", "trainer_state", "rng_state", "random_states"];

/// What a file is by its name, without folders; `None` if it cannot hold the weights of a model.
///
/// Whatever follows a dash or an underscore is not part of an ending: torchreid writes `model.pth.tar-60`.
///
/// ```
/// # use reid_web::weights::{WeightName, weight_name};
/// assert_eq!(weight_name("ViT-B-16_60.pth"), Some(WeightName::Weights));
/// assert_eq!(weight_name("model.pth.tar-60"), Some(WeightName::Perhaps));
/// assert_eq!(weight_name("optimizer.pt"), None);
/// assert_eq!(weight_name("0001_c1.jpg"), None);
/// ```
#[must_use]
pub fn weight_name(name: &str) -> Option<WeightName> {
    let name = name.to_ascii_lowercase();
    let (stem, ending) = name.rsplit_once('.')?;
    let mut words = stem.split(|letter: char| !letter.is_ascii_alphanumeric());
    let is_trainers = words.any(|word| OF_TRAINERS.contains(&word))
        || TRAINERS_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning));
    if is_trainers {
        return None;
    }
    match ending.split(['-', '_']).next()? {
        "safetensors" | "pt" | "pth" => Some(WeightName::Weights),
        "bin" if stem.contains("model") => Some(WeightName::Weights),
        "bin" | "ckpt" | "pkl" | "pickle" | "tar" => Some(WeightName::Perhaps),
        _ => None,
    }
}

/// Whether a file begins like one that [`super::HeaderReader`] reads.
///
/// - `head`: its first 64 bytes or more
#[must_use]
pub fn looks_like_weights(head: &[u8]) -> bool {
    let is_safetensors = head.get(8) == Some(&b'{') && head.get(6..8) == Some(&[0, 0]);
    is_safetensors || is_torch_archive(head) || is_legacy(head)
}

/// A zip archive whose first entry lies in a folder, as in those of torch.
fn is_torch_archive(head: &[u8]) -> bool {
    let name = head.get(30..).unwrap_or_default();
    let length = head.get(26..28).map_or(0, |bytes| usize::from(u16::from_le_bytes([bytes[0], bytes[1]])));
    head.starts_with(b"PK\x03\x04") && name[..length.min(name.len())].contains(&b'/')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_trainers_keep_beside_the_weights_is_none() {
        for name in [
            "optimizer.pt",
            "optimizer.bin",
            "scheduler.pt",
            "training_args.bin",
            "rng_state_0.pth",
            "random_states_0.pkl",
            "zero_pp_rank_0_mp_rank_00_optim_states.pt",
            "scaler.pt",
            "model.index.json",
            "weights",
        ] {
            assert_eq!(weight_name(name), None, "{name}");
        }
        for name in [
            "optimized.pt",
            "ViT-B-16_60.PTH",
            "pytorch_model.bin",
            "best.pth-best",
            "mp_rank_00_model_states.pt",
        ] {
            assert_eq!(weight_name(name), Some(WeightName::Weights), "{name}");
        }
        for name in ["last.ckpt", "model.pth.tar", "model.pth.tar-60", "split.pkl", "images.tar", "data.bin"]
        {
            assert_eq!(weight_name(name), Some(WeightName::Perhaps), "{name}");
        }
    }

    #[test]
    fn other_files_do_not_look_like_weights() {
        let mut zip = b"PK\x03\x04".to_vec();
        zip.resize(26, 0);
        zip.extend([13, 0, 0, 0]);
        let entry = |name: &[u8]| [&zip[..], name].concat();
        assert!(looks_like_weights(&entry(b"last/data.pkl")));
        assert!(!looks_like_weights(&entry(b"photograph.jpg")));
        assert!(looks_like_weights(b"\x80\0\0\0\0\0\0\0{\"a\":"));
        for other in [&b""[..], b"\x80\x04\x95", b"0001/a.jpg\0\0\0", b"{\"a\": 1}{"] {
            assert!(!looks_like_weights(other), "{other:?}");
        }
    }
}
