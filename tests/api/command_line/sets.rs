//! The program: which images belong to which set, and what is said of those that count for nothing.

use std::fs;

use crate::support::program::{DATA, Folder, MODEL, counts, json, reid_web, text};

fn evaluated(folder: &Folder, inner: &str, more: &[&str]) -> (serde_json::Value, String, String) {
    // A name of this test's own: tests run beside one another.
    let (out, data) = (folder.0.with_extension("sets.json"), folder.path(inner));
    let arguments = ["evaluate", "--model", MODEL, "--data", &data, "--out", out.to_str().unwrap()];
    let done = reid_web(&[&arguments[..], more].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    let found = json(&out);
    fs::remove_file(out).unwrap();
    (found, text(&done.stdout), text(&done.stderr))
}

#[test]
fn splits_of_a_data_set_are_not_pooled() {
    for names in [
        ["train/query", "train/gallery", "test/query", "test/gallery"],
        ["query_train", "gallery_train", "query_test", "gallery_test"],
        ["Training/probe", "Training/gallery", "Testing/probe", "Testing/gallery"],
    ] {
        let folder = Folder::new("splits");
        for (at, name) in names.iter().enumerate() {
            for image in 0..1 + at {
                folder.add(format!("data/{name}/{image:04}/{image}.png"), at * 4 + image);
            }
        }
        let (found, _, said) = evaluated(&folder, "data", &[]);
        assert_eq!(counts(&found), (3, 4), "the test: {names:?}");
        assert!(
            said.contains("there are the runs test, train; the first is used, --run chooses another"),
            "{said}"
        );
        assert_eq!(counts(&evaluated(&folder, "data", &["--run", "train"]).0), (1, 2));
        let data = folder.path("data");
        let all = reid_web(&["evaluate", "--model", MODEL, "--data", &data, "--all-runs"]);
        let message = "--all-runs would mix splits (test, train); --run test takes one of them";
        assert!(!all.status.success() && text(&all.stderr).contains(message), "{}", text(&all.stderr));
    }
    let folder = Folder::with_two_identities("one-split");
    fs::create_dir(folder.path("test")).unwrap();
    for set in ["query", "gallery"] {
        fs::rename(folder.path(set), folder.path(&format!("test/{set}"))).unwrap();
    }
    let (found, _, said) = evaluated(&folder, "", &[]);
    assert!(counts(&found) == (2, 2) && !said.contains("runs"), "one split is no choice: {said}");
}

/// A table of labels beside embeddings, as `embed` writes them.
fn table(name: &str, rows: &[&str]) -> Folder {
    let folder = Folder::new(name);
    for number in 0..rows.len() {
        folder.add(format!("images/{number}.png"), number * 3);
    }
    let images = folder.path("images");
    let arguments = ["embed", "--model", MODEL, "--query", &images, "--gallery", DATA, "--out"];
    assert!(reid_web(&[&arguments[..], &[&folder.path("e.npy")]].concat()).status.success());
    let rest = fs::read_to_string(folder.path("e.csv")).unwrap().lines().count() - 1 - rows.len();
    let junk = (0..rest).map(|row| format!("rest{row}.png,gallery,-1"));
    let rows = rows.iter().map(|row| (*row).to_owned()).chain(junk);
    let lines: Vec<String> = ["path,set,identity".to_owned()].into_iter().chain(rows).collect();
    fs::write(folder.path("e.csv"), lines.join("\n")).unwrap();
    folder
}

fn of_table(folder: &Folder, command: &str, more: &[&str]) -> (String, String) {
    let (npy, csv) = (folder.path("e.npy"), folder.path("e.csv"));
    let done = reid_web(&[&[command, "--embeddings", &npy, "--labels", &csv], more].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    (text(&done.stdout), text(&done.stderr))
}

#[test]
fn images_of_neither_set_are_counted_where_they_are_left_out() {
    let rows = ["a.png,query,1", "b.png,gallery,1", "c.png,,1", "d.png,,2", "e.png,,2", "f.png,,3"];
    let folder = table("neither", &rows);
    let said = "left out: 4 of ";
    for command in ["evaluate", "rank"] {
        let (_, found) = of_table(&folder, command, &[]);
        assert!(found.contains(said), "{found}");
        let named = "images, neither query nor gallery by the file or by its path: c.png, d.png, e.png, …\n";
        assert!(found.contains(named), "{found}");
    }
    assert!(!of_table(&folder, "evaluate", &["--protocol", "leave-one-out"]).1.contains(said));
}

#[test]
fn images_without_an_identity_and_junk_are_counted() {
    let rows = [
        "a.png,query,1",
        "b.png,query,",
        "c.png,query,-1",
        "d.png,gallery,1",
        "e.png,gallery,",
        "f.png,gallery,",
    ];
    let (found, _) = of_table(&table("nameless", &rows), "evaluate", &[]);
    assert!(found.contains("1 of 3 queries evaluated, 0 without a match"), "{found}");
    assert!(found.contains("\n2 queries are not evaluated: 1 without an identity, 1 junk (-1)\n"), "{found}");
    assert!(found.contains("\n2 gallery images have no identity: ranked, but never a match\n"), "{found}");
    let (found, _) = of_table(&table("named", &["a.png,query,1", "d.png,gallery,1"]), "evaluate", &[]);
    assert!(!found.contains("not evaluated") && !found.contains("no identity"), "{found}");
}

#[test]
fn paths_of_several_runs_are_said() {
    let rows = [
        "test/query/1/a.png,,",
        "test/gallery/1/b.png,,",
        "train/query/2/a.png,,",
        "train/gallery/2/b.png,,",
    ];
    let (_, said) = of_table(&table("run-paths", &rows), "evaluate", &[]);
    assert!(said.contains("the paths belong to the runs test, train, which are taken together"), "{said}");
}

#[test]
fn rates_of_too_few_pairs_say_so() {
    let folder = Folder::with_two_identities("few-pairs");
    let (_, text, _) = evaluated(&folder, "", &["--false-positive-rate", "0.01"]);
    let few: Vec<&str> =
        text.lines().filter(|line| line.starts_with("TPR at FPR") || line.starts_with("Threshold")).collect();
    assert!(few.len() > 2, "{text}");
    for line in few {
        assert!(line.ends_with("   not enough different-identity pairs to tell"), "{line}");
    }
    let (_, text, _) = evaluated(&folder, "", &[]);
    let threshold = text.lines().find(|line| line.starts_with("Threshold")).unwrap();
    assert!(!threshold.contains("pairs"), "the equal error rate is no rate of its own: {threshold}");
}

#[test]
fn a_file_in_both_sets_counts_once_where_they_are_taken_together() {
    let folder = Folder::new("both-sets");
    for (path, number) in [
        ("query/1/a", 0),
        ("query/2/a", 3),
        ("gallery/1/copy", 0),
        ("gallery/1/b", 1),
        ("gallery/2/b", 4),
        ("gallery/2/c", 5),
    ] {
        folder.add(format!("{path}.png"), number);
    }
    let (found, text, _) = evaluated(&folder, "", &["--protocol", "leave-one-out"]);
    assert_eq!((&found["repeated"], &found["queries"], &found["gallery"]), (&1.into(), &5.into(), &5.into()));
    let paths: Vec<&str> =
        found["perQuery"].as_array().unwrap().iter().map(|one| one["query"].as_str().unwrap()).collect();
    assert!(
        !paths.iter().any(|path| path.ends_with("query/1/a.png"))
            || !paths.iter().any(|path| path.contains("copy"))
    );
    assert!(text.contains("1 image left out: its file is in the pool already\n"), "{text}");
    let (found, text, _) = evaluated(&folder, "", &["--protocol", "splits", "--runs", "2"]);
    assert_eq!((&found["repeated"], &found["runs"][0]["queries"]), (&1.into(), &3.into()));
    assert!(text.contains("1 image left out: its file is in the pool already\n"), "{text}");
}

#[test]
fn splits_without_identities_say_what_is_missing() {
    let folder = Folder::new("no-names");
    (0..4).for_each(|number| folder.add(format!("images/{number}.png"), number));
    let data = folder.path("images");
    for (protocol, message) in [
        ("splits", "none of the 4 images has an identity, by which queries and gallery are drawn"),
        ("cuhk03", "there are no query images"),
    ] {
        let done = reid_web(&["evaluate", "--model", MODEL, "--data", &data, "--protocol", protocol]);
        assert!(!done.status.success() && text(&done.stderr).contains(message), "{}", text(&done.stderr));
    }
    let done = reid_web(&["evaluate", "--model", MODEL, "--data", &data, "--protocol", "leave-one-out"]);
    let found = text(&done.stdout);
    assert!(found.contains("no query can be evaluated: none of the 4 queries has an identity"), "{found}");
}

/// A copy, and under Unix links, of a file under another identity.
#[test]
fn one_file_under_two_identities_is_said_with_both() {
    let folder = Folder::with_two_identities("two-names");
    folder.add("gallery/0002/copy.png", 1);
    let (_, _, said) = evaluated(&folder, "", &[]);
    let names = "gallery/0001/g.png (0001) and ";
    assert!(
        said.contains("1 file has two identities, one of them wrong: ") && said.contains(names),
        "{said}"
    );
    assert!(said.contains("gallery/0002/copy.png (0002)\n"), "{said}");
}

#[cfg(unix)]
#[test]
fn a_link_under_another_identity_is_said_with_both() {
    use std::os::unix::fs::symlink;
    let folder = Folder::with_two_identities("linked-names");
    symlink("../0001/g.png", folder.path("gallery/0002/link.png")).unwrap();
    symlink("g.png", folder.path("gallery/0001/again.png")).unwrap();
    symlink("0001", folder.path("gallery/0003")).unwrap();
    let (found, _, said) = evaluated(&folder, "", &[]);
    assert_eq!(counts(&found), (2, 2));
    let root = folder.0.file_name().unwrap().to_str().unwrap();
    let file = format!(
        "left out: {root}/gallery/0002/link.png (identity 0002), which is the same file as {root}/gallery/0001/g.png (identity 0001)\n"
    );
    assert!(said.contains(&file), "{said}");
    let folder = format!(
        "left out: 1 link to a folder that is listed already: {root}/gallery/0003 is {root}/gallery/0001\n"
    );
    assert!(said.contains(&folder), "{said}");
    assert_eq!(said.matches("left out").count(), 2, "a link beside its file is nothing: {said}");
}
