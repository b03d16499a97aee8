//! What wrappers of modules put into names.

/// DistributedDataParallel, `torch.compile`, FSDP, activation checkpointing.
const WRAPPERS: [&str; 5] =
    ["module", "_orig_mod", "_fsdp_wrapped_module", "_checkpoint_wrapped_module", "_forward_module"];

/// Whether a word of a name is a wrapper's.
pub fn is_wrapper(word: &str) -> bool {
    WRAPPERS.contains(&word)
}

/// A name without the wrappers' words.
pub fn without_wrappers(name: &str) -> String {
    let words: Vec<&str> = name.split('.').filter(|word| !is_wrapper(word)).collect();
    words.join(".")
}

/// What comes before the wrappers at the end of a prefix.
///
/// - `prefix`: without its last dot
pub fn before_wrappers(mut prefix: &str) -> &str {
    while let Some(shorter) =
        prefix.rsplit_once('.').and_then(|(shorter, last)| is_wrapper(last).then_some(shorter))
    {
        prefix = shorter;
    }
    prefix
}
