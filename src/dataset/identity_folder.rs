//! Which folder of each path is its identity; that depends on the folders beside it.

use std::collections::{HashMap, HashSet};

/// The folders of one path that may be its identity, outermost first.
#[derive(Clone, Debug, Default)]
pub(super) struct Chain<'a> {
    /// Where the first of them is: paths with the same place and the same folders above are siblings.
    pub(super) place: String,
    /// The place is a set folder.
    pub(super) is_in_set: bool,
    pub(super) folders: Vec<Candidate<'a>>,
}

/// A folder that is neither structure nor a camera nor a side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Candidate<'a> {
    pub(super) name: &'a str,
    /// `test`, `val` and the like.
    pub(super) may_be_split: bool,
}

/// The identity folder of each path. Below a set folder the first candidate. Elsewhere the first that has another
/// beside it, or whose name is an identity of another path: a folder that was dropped alone says nothing of who is
/// shown.
pub(super) fn identity_folders<'a>(mut chains: Vec<Chain<'a>>) -> Vec<Option<&'a str>> {
    drop_splits(&mut chains);
    let siblings = Siblings::of(&chains);
    let first: Vec<Option<&str>> = chains.iter().map(|chain| siblings.identity(chain)).collect();
    let known: HashSet<&str> = first.iter().copied().flatten().collect();
    let by_name =
        |chain: &Chain<'a>| chain.folders.iter().map(|folder| folder.name).find(|name| known.contains(name));
    chains.iter().zip(first).map(|(chain, found)| found.or_else(|| by_name(chain))).collect()
}

/// Takes folders named as splits away, except names: those that have an identity beside them. Where no set folder says
/// at which depth identities are, a split that has identities in it stays one.
fn drop_splits(chains: &mut [Chain<'_>]) {
    let beside = Siblings::of(chains);
    let holds_names: HashSet<(String, &str)> = chains
        .iter()
        .flat_map(|chain| levels(chain).zip(chain.folders.iter().skip(1)))
        .filter(|((_, folder), below)| folder.may_be_split && !below.may_be_split)
        .map(|((level, folder), _)| (level, folder.name))
        .collect();
    let mut names: HashSet<(bool, String)> = HashSet::new();
    for chain in chains.iter() {
        for (level, folder) in levels(chain).filter(|(_, folder)| folder.may_be_split) {
            let is_beside_names = beside.count(&level) > 0;
            if is_beside_names && (chain.is_in_set || !holds_names.contains(&(level, folder.name))) {
                names.insert((chain.is_in_set, folder.name.to_owned()));
            }
        }
    }
    for chain in chains.iter_mut() {
        let is_name = |folder: &Candidate| names.contains(&(chain.is_in_set, folder.name.to_owned()));
        chain.folders.retain(|folder| !folder.may_be_split || is_name(folder));
        for folder in &mut chain.folders {
            folder.may_be_split = false;
        }
    }
}

/// The names at each level, without splits.
struct Siblings<'a>(HashMap<String, HashSet<&'a str>>);

impl<'a> Siblings<'a> {
    fn of(chains: &[Chain<'a>]) -> Self {
        let mut names: HashMap<String, HashSet<&str>> = HashMap::new();
        for (level, folder) in chains.iter().flat_map(levels) {
            if !folder.may_be_split {
                names.entry(level).or_default().insert(folder.name);
            }
        }
        Self(names)
    }

    fn count(&self, level: &str) -> usize {
        self.0.get(level).map_or(0, HashSet::len)
    }

    fn identity(&self, chain: &Chain<'a>) -> Option<&'a str> {
        let mut levels = levels(chain);
        let found = levels.find(|(level, _)| chain.is_in_set || self.count(level) > 1);
        found.map(|(_, folder)| folder.name)
    }
}

/// The folders of a path, each with all that is above it.
fn levels<'a>(chain: &Chain<'a>) -> impl Iterator<Item = (String, Candidate<'a>)> {
    let folders = chain.folders.clone();
    let place = chain.place.clone();
    folders.into_iter().scan(place, |above, folder| {
        let level = above.clone();
        above.push('/');
        above.push_str(folder.name);
        Some((level, folder))
    })
}
