//! The program: what it says of folders, file names and tables that may mean something else.

use std::fs;

use crate::support::program::{Folder, MODEL, reid_web, text};

/// What an evaluation of a folder with these images says on stderr.
fn said_of(name: &str, images: &[&str], options: &[&str]) -> String {
    let folder = Folder::new(name);
    for (number, path) in images.iter().enumerate() {
        folder.add(path, number);
    }
    let done = folder.evaluate(options);
    assert!(done.status.success(), "{}", text(&done.stderr));
    text(&done.stderr).replace(&format!("reid-web-{}-{name}/", std::process::id()), "")
}

#[test]
fn folders_that_make_up_one_set_are_named() {
    let same = "identities of the same name count as one";
    for (name, images, expected) in [
        (
            "two-sets",
            &["duke/query/1/a.png", "market/query/1/b.png", "duke/gallery/1/c.png", "duke/gallery/2/d.png"][..],
            &[format!("query is made of 2 folders: duke/query, market/query; {same}\n")][..],
        ),
        (
            "infrared",
            &["query/1/a.png", "query_old/1/b.png", "gallery/1/c.png", "gallery_ir/2/d.png"],
            &[
                format!("query is made of 2 folders: query, query_old; {same}\n"),
                format!("gallery is made of 2 folders: gallery, gallery_ir; {same}\n"),
            ],
        ),
        (
            "five",
            &[
                "a/query/1/a.png",
                "a/gallery/1/b.png",
                "b/gallery/1/c.png",
                "c/gallery/2/d.png",
                "d/gallery/2/e.png",
            ],
            &[format!("gallery is made of 4 folders: a/gallery, b/gallery, c/gallery, …; {same}\n")],
        ),
        ("one", &["query/1/a.png", "query/2/b.png", "gallery/1/cam1/c.png", "gallery/2/d.png"], &[]),
        (
            "distractors",
            &["query0/1/a.png", "gallery0/1/b.png", "gallery0/2/c.png", "gallery0_all/3/d.png"],
            &[],
        ),
        (
            "splits",
            &["test/query/1/a.png", "test/gallery/1/b.png", "test/gallery/2/c.png", "train/query/1/d.png"],
            &[],
        ),
    ] {
        let said = said_of(name, images, &[]);
        for line in expected {
            assert!(said.contains(line), "{name}: {said}");
        }
        assert_eq!(said.matches("is made of").count(), expected.len(), "{name}: {said}");
    }
}

#[test]
fn each_run_has_its_own_folders() {
    let images = ["a/query0/1/a.png", "a/gallery0/1/b.png", "a/gallery0/2/c.png"];
    let others = ["a/query1/1/d.png", "b/query1/1/e.png", "a/gallery1/1/f.png", "a/gallery1/2/g.png"];
    let said = said_of("runs-made-of", &[&images[..], &others].concat(), &["--all-runs"]);
    assert_eq!(said.matches("is made of").count(), 1, "{said}");
    assert!(said.contains("query is made of 2 folders: a/query1, b/query1;"), "{said}");
}

#[test]
fn folders_of_saved_embeddings_are_named_as_well() {
    let folder = Folder::new("saved-sets");
    let image = |path: &str| format!(r#"{{"path": "{path}", "identity": "1", "embedding": [1, 0]}}"#);
    let images = ["query/a.png", "gallery/b.png", "gallery_ir/c.png"].map(image).join(",");
    fs::write(folder.path("e.json"), format!(r#"{{"images": [{images}]}}"#)).unwrap();
    let done = reid_web(&["evaluate", "--embeddings", &folder.path("e.json")]);
    let said = text(&done.stderr);
    assert!(
        done.status.success() && said.contains("gallery is made of 2 folders: gallery, gallery_ir;"),
        "{said}"
    );
    assert!(!said.contains("query is made of"), "{said}");
}

#[test]
fn identities_of_file_names_are_said_if_folders_disagree() {
    let gallery = ["gallery/0001/0001_c1_0.png", "gallery/0002/0002_c2_0.png"];
    for (name, query, expected) in [
        (
            "overruled",
            &["query/alice/0001_c3_0.png", "query/alice/0001_c3_1.png", "query/bob/0002_c3_0.png"][..],
            "identities of 3 images are read from their file names (0001_c3_0.png), not from their folders (alice)\n",
        ),
        (
            "overruled-one",
            &["query/alice/0001_c3_0.png", "query/0002/0002_c3_0.png"],
            "the identity of 1 image is read from its file name (0001_c3_0.png), not from its folder (alice)\n",
        ),
        ("agreed", &["query/1/0001_c3_0.png", "query/person_2/0002_c3_0.png"], ""),
        ("half-named", &["query/0001/0007_c3.png", "query/0002/x.png"], ""),
    ] {
        let said = said_of(name, &[query, &gallery].concat(), &[]);
        assert!(said.contains(expected), "{name}: {said}");
        assert_eq!(said.contains("file name"), !expected.is_empty(), "{name}: {said}");
    }
}

#[test]
fn columns_that_are_not_read_are_named() {
    let folder = Folder::with_two_identities("columns");
    let (npy, csv) = (folder.path("e.npy"), folder.path("labels.csv"));
    let made = reid_web(&["embed", "--model", MODEL, "--data", &folder.path(""), "--out", &npy]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let evaluated = |header: &str, rows: [&str; 4]| {
        fs::write(&csv, format!("{header}\n{}\n", rows.join("\n"))).unwrap();
        let done = reid_web(&["evaluate", "--embeddings", &npy, "--labels", &csv]);
        (done.status.success(), text(&done.stderr))
    };
    let rows = ["a.png,1,1,gallery", "b.png,2,2,gallery", "c.png,1,3,query", "d.png,2,3,query"];
    let (is_done, said) = evaluated("path,pid,camid,set", rows);
    let reason =
        format!("{csv}: line 1 of the CSV: no column is named identity, and nothing is known of pid, camid;");
    assert!(!is_done && said.contains(&reason), "{said}");
    let (is_done, said) = evaluated("path,identity,camid,set", rows);
    assert!(is_done && said.contains(&format!("{csv}: not read: camid; only path, set,")), "{said}");
    assert!(!said.contains("no cameras are known"), "{said}");
    for header in ["path,identity,camera,set", "path,identity,,set", "path,identity,Unnamed: 0,set"] {
        assert_eq!(evaluated(header, rows), (true, String::new()), "{header}");
    }
    let named = ["0001_c1_0.png,1,gallery", "b.png,2,gallery", "c.png,1,query", "d.png,2,query"];
    let (is_done, said) = evaluated("path,identity,set", named);
    let message = format!(
        "{csv}: no cameras are known: no column camera names any, and those in file names (0001_c1_0.png)"
    );
    assert!(is_done && said.contains(&message), "{said}");
}
