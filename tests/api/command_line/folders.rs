//! Which images the program finds in folders, and that each of them keeps what is its own.

use crate::support::program::{DATA, Folder, MODEL, counts, expected, fresh, json, picture, reid_web, text};

#[test]
fn two_folders_of_one_name_keep_their_images_apart() {
    let folder = Folder::new("one-name");
    // Number 0 and 1 of each identity are the queries, 2 to 4 the gallery.
    let number =
        |set: &str, identity: usize, image: usize| identity * 5 + image + if set == "camA" { 0 } else { 2 };
    for (set, images) in [("camA", 2), ("camB", 3)] {
        for (identity, image) in (0..4).flat_map(|identity| (0..images).map(move |image| (identity, image))) {
            folder.add(format!("{set}/images/{identity:04}/{image}.png"), number(set, identity, image));
        }
    }
    let out = fresh("one-name.json");
    let arguments = ["--model", MODEL, "--query", &folder.path("camA/images"), "--gallery"];
    let rest = [&folder.path("camB/images"), "--out", out.to_str().unwrap()];
    let done = reid_web(&[&["evaluate"], &arguments[..], &rest].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert_eq!(counts(&json(&out)), (8, 12));
    assert!(reid_web(&[&["embed"], &arguments[..], &rest].concat()).status.success());
    let images = json(&out)["images"].as_array().unwrap().clone();
    assert_eq!(images.len(), 20);
    for image in images {
        let path = image["path"].as_str().unwrap();
        let parts: Vec<&str> = path.split(['/', '.']).collect();
        let ["images", identity, name, "png"] = parts[..] else { panic!("{path}") };
        let set = if image["set"] == "query" { "camA" } else { "camB" };
        assert_eq!(image["identity"], identity);
        let wanted = picture(number(set, identity.parse().unwrap(), name.parse().unwrap()));
        let wanted = expected()["embeddings"][wanted].as_array().unwrap().clone();
        for (found, wanted) in image["embedding"].as_array().unwrap().iter().zip(&wanted) {
            assert!((found.as_f64().unwrap() - wanted.as_f64().unwrap()).abs() <= 1e-5, "{path}");
        }
    }
}

#[test]
fn a_folder_may_be_both_sets_and_have_any_name() {
    let folder = Folder::with_two_identities("both");
    std::fs::rename(folder.0.join("query"), folder.0.join(".hidden")).unwrap();
    let (path, out) = (folder.path(".hidden"), fresh("both.json"));
    let arguments = ["evaluate", "--model", MODEL, "--query", &path, "--gallery", &path, "--out"];
    let done = reid_web(&[&arguments[..], &[out.to_str().unwrap()]].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert_eq!(counts(&json(&out)), (2, 2));
}

#[test]
fn folders_without_what_is_looked_for_are_named() {
    let folder = Folder::new("nothing");
    let path = folder.path("");
    for (arguments, reason) in [
        (&["--data", &path][..], "there are no images in it"),
        (&["--data", "Cargo.toml"], "Cargo.toml is a file, expected a folder"),
        (&["--data", "nowhere"], "nowhere: No such file"),
        (&["--query", DATA, "--gallery", &path], "there are no images in it"),
        (&["--data", "tests/fixtures/page/folders/query0"], "query0: there are no gallery images"),
    ] {
        let done = reid_web(&[&["rank", "--model", MODEL], arguments].concat());
        assert_eq!(done.status.code(), Some(1), "{arguments:?}");
        assert!(text(&done.stderr).contains(reason), "{arguments:?}: {}", text(&done.stderr));
    }
}

#[test]
fn images_outside_of_both_sets_are_counted() {
    let folder = Folder::with_two_identities("outside");
    folder.add("others/0001/a.png", 2);
    let done = folder.evaluate(&[]);
    assert!(done.status.success());
    assert!(text(&done.stderr).contains("left out: 1 image in neither"), "{}", text(&done.stderr));
}

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    /// What is saved of a folder's evaluation, and stderr.
    fn evaluated(folder: &Folder, options: &[&str]) -> (serde_json::Value, String) {
        let out = folder.0.with_extension("metrics.json");
        let done = folder.evaluate(&[options, &["--out", out.to_str().unwrap()]].concat());
        assert!(done.status.success(), "{}", text(&done.stderr));
        let found = json(&out);
        fs::remove_file(out).unwrap();
        (found, text(&done.stderr))
    }

    #[test]
    fn links_that_lead_upwards_or_to_nothing_do_no_harm() {
        let folder = Folder::with_two_identities("loops");
        let plain = evaluated(&folder, &[]).0;
        symlink(".", folder.0.join("latest")).unwrap();
        symlink("..", folder.0.join("query/up")).unwrap();
        symlink("../..", folder.0.join("gallery/0001/top")).unwrap();
        symlink("/nowhere", folder.0.join("gallery/0001/dangling.png")).unwrap();
        symlink("itself.png", folder.0.join("gallery/0002/itself.png")).unwrap();
        symlink(std::env::temp_dir(), folder.0.join("gallery/outside")).unwrap();
        let (found, said) = evaluated(&folder, &[]);
        assert_eq!(counts(&found), (2, 2));
        assert_eq!(found, plain);
        assert!(said.contains("gallery/0001/dangling.png: skipped; the link leads nowhere"), "{said}");
        assert!(said.contains("gallery/0002/itself.png: skipped; the link leads nowhere"), "{said}");
        assert!(said.contains("gallery/outside: skipped; the link leads above"), "{said}");
        let others = said.lines().filter(|line| !line.contains(": assumed, "));
        assert_eq!(others.count(), 3, "{said}");
    }

    /// All ways through 16 folders that lead to each other are 16! of them.
    #[test]
    fn links_from_each_folder_to_each_other_are_no_maze() {
        let folder = Folder::with_two_identities("maze");
        for from in 0..16 {
            folder.add(format!("query/{from:04}/a.png"), from);
            for to in (0..16).filter(|to| *to != from) {
                symlink(format!("../{to:04}"), folder.0.join(format!("query/{from:04}/to{to}"))).unwrap();
            }
        }
        let (found, _) = evaluated(&folder, &[]);
        assert_eq!(counts(&found), (18, 2));
        assert_eq!(found["data"]["query"]["identities"], 16);
    }

    #[test]
    fn a_file_counts_once_in_each_set_by_the_way_without_links() {
        let folder = Folder::with_two_identities("ways");
        // The path of the link is the lower one.
        fs::create_dir(folder.0.join("query/0000")).unwrap();
        symlink("../0002/q.png", folder.0.join("query/0000/again.png")).unwrap();
        symlink("q.png", folder.0.join("query/0001/again.png")).unwrap();
        symlink("../../query/0001/q.png", folder.0.join("gallery/0001/same.png")).unwrap();
        let (found, _) = evaluated(&folder, &[]);
        assert_eq!(counts(&found), (2, 3));
        let queries = found["perQuery"].as_array().unwrap().iter();
        let names = Vec::from_iter(
            queries.map(|query| query["query"].as_str().unwrap().rsplit_once("query/").unwrap().1),
        );
        assert_eq!(names, ["0001/q.png", "0002/q.png"]);
        // Nor more often in both sets together, or in a folder without sets.
        let (pool, _) = evaluated(&folder, &["--protocol", "leave-one-out"]);
        assert_eq!(pool["queries"], 4);
        let data = folder.path("query");
        let alone = reid_web(&["evaluate", "--model", MODEL, "--data", &data, "--protocol", "leave-one-out"]);
        assert!(text(&alone.stdout).contains("of 2 queries evaluated"), "{}", text(&alone.stdout));
    }

    #[test]
    fn folders_of_links_are_read_in_each_set_and_run() {
        let folder = Folder::new("shared");
        for number in 0..6 {
            folder.add(format!("real/{:04}/{number}.png", number / 3), number);
        }
        for set in ["query0", "gallery0", "gallery0_all", "query1", "gallery1"] {
            symlink("real", folder.0.join(set)).unwrap();
        }
        for options in [&[][..], &["--distractors"], &["--run", "1"]] {
            assert_eq!(counts(&evaluated(&folder, options).0), (6, 6), "{options:?}");
        }
        assert_eq!(evaluated(&folder, &["--all-runs"]).0["runs"].as_array().unwrap().len(), 2);
    }

    #[test]
    fn pipes_sockets_and_devices_are_passed_over() {
        let folder = Folder::with_two_identities("pipes");
        let pipe = folder.path("query/0001/pipe.png");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let _socket = UnixListener::bind(folder.0.join("gallery/0001/socket")).unwrap();
        symlink("/dev/zero", folder.0.join("gallery/0001/zero.png")).unwrap();
        let (found, said) = evaluated(&folder, &[]);
        assert_eq!(counts(&found), (2, 2));
        for name in ["query/0001/pipe.png", "gallery/0001/socket", "gallery/0001/zero.png"] {
            let line = format!("{name}: skipped; it is a pipe, a socket or a device");
            assert!(said.contains(&line), "{said}");
        }
    }

    /// macOS and Windows have no such names.
    #[cfg(target_os = "linux")]
    #[test]
    fn names_that_are_not_utf_8_stay_different() {
        use std::ffi::OsStr;
        use std::os::unix::ffi::OsStrExt;
        let folder = Folder::new("latin-1");
        let names = [&b"M\xfcller"[..], b"M\xf6ller", "Müller".as_bytes()];
        for (at, name) in names.iter().enumerate() {
            for image in 0..4 {
                let set = ["query", "gallery"][image / 2];
                let place =
                    std::path::Path::new(set).join(OsStr::from_bytes(name)).join(format!("{image}.png"));
                folder.add(place, at * 4 + image);
            }
        }
        let (found, _) = evaluated(&folder, &[]);
        assert_eq!(counts(&found), (6, 6));
        assert_eq!(found["data"]["query"]["identities"], 3);
        assert_eq!(found["evaluated"], 6);
        let shown = found["perQuery"][0]["query"].as_str().unwrap().to_owned();
        assert!(shown.contains("query/Müller/") || shown.contains("query/M\u{fffd}"), "{shown}");
    }
}

#[test]
fn runs_are_summed_up_if_they_have_the_same_kind_of_gallery_and_what_is_left_out_is_said() {
    let folder = Folder::new("kinds-of-runs");
    for (path, number) in [
        ("query0/1/a", 0),
        ("gallery0/1/b", 1),
        ("query2/1/a", 0),
        ("gallery2_all/1/b", 1),
        ("query3/1/a", 0),
    ] {
        folder.add(format!("data/{path}.png"), number);
    }
    let data = folder.path("data");
    let arguments = ["evaluate", "--model", MODEL, "--all-runs", "--data", &data];
    let refused = reid_web(&arguments);
    assert!(!refused.status.success());
    let words = "run 2 has only a gallery with distractors, run 0 has one without";
    assert!(text(&refused.stderr).contains(words), "{}", text(&refused.stderr));
    folder.add("data/gallery2/1/b.png", 1);
    let done = reid_web(&arguments);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(text(&done.stderr).contains("left out: run 3, without a query or without a gallery folder"));
    assert!(text(&done.stdout).contains("run 2: "));
}
