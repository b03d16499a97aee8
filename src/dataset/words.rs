//! The words of a folder's name.

/// The words of a name in lower case: a change from letters to digits, from small to capital letters, and whatever is
/// neither letter nor digit ends one. `Gallery3_all` has the words gallery, 3 and all.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let is_new = c.is_numeric() != before.is_numeric() || (c.is_uppercase() && before.is_lowercase());
        if !c.is_alphanumeric() || (is_new && before.is_alphanumeric()) {
            words.push(String::new());
        }
        if let (true, Some(word)) = (c.is_alphanumeric(), words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_fall_into_words() {
        assert_eq!(words("Gallery3_all"), ["gallery", "3", "all"]);
        assert_eq!(words("queryImages (2)"), ["query", "images", "2"]);
        assert_eq!(words("QUERY-set"), ["query", "set"]);
        assert_eq!(words("1-501"), ["1", "501"]);
        assert_eq!(words("_Zoë_"), ["zoë"]);
        assert!(words("--").is_empty());
    }
}
