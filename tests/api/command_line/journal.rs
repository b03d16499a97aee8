//! An interrupted `embed` continues, with the embeddings of the same files by the same model alone.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::support::program::{
    DATA, Folder, IMAGES, MODEL, expected, fresh, json as read_json, reid_web, text,
};

fn partial(out: &Path) -> PathBuf {
    PathBuf::from(format!("{}.partial", out.display()))
}

fn embed(data: &str, out: &Path) -> (Value, String) {
    let arguments = ["embed", "--model", MODEL, "--data", data, "--threads", "1", "--out"];
    let done = reid_web(&[&arguments[..], &[out.to_str().unwrap()]].concat());
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(!partial(out).exists());
    (read_json(out), text(&done.stderr))
}

#[test]
fn embed_gives_pythons_embeddings() {
    let out = fresh("python.json");
    let (whole, _) = embed(DATA, &out);
    let images = whole["images"].as_array().unwrap();
    assert_eq!(images.len(), IMAGES);
    for image in images {
        let path = image["path"].as_str().unwrap().strip_prefix("folders/").unwrap();
        let wanted = expected()["embeddings"][path].clone();
        for (found, wanted) in image["embedding"].as_array().unwrap().iter().zip(wanted.as_array().unwrap()) {
            assert!((found.as_f64().unwrap() - wanted.as_f64().unwrap()).abs() <= 1e-5, "{path}");
        }
    }
}

/// Of another version, of another model, of something else: hours of work may be in it.
#[test]
fn a_journal_of_something_else_is_refused_and_left_as_it_is() {
    let (folder, out) = (Folder::with_two_identities("other-journal"), fresh("other-journal.json"));
    let (whole, _) = embed(&folder.path(""), &out);
    let line = json!({ "content": "0", "embedding": [1.0, 0.0] });
    let model = whole["model"].clone();
    let mut other = model.clone();
    (other["sha256"], other["precision"]) = ("0".into(), "F16".into());
    let version = env!("CARGO_PKG_VERSION");
    let no_journal = "this is no journal of an interrupted run";
    for (head, reason) in [
        (
            json!({ "journal": "0.0.0", "device": "cpu", "model": model }),
            "begun with other settings (version);",
        ),
        (
            json!({ "journal": version, "device": "webgpu", "model": model }),
            "begun with other settings (device);",
        ),
        (
            json!({ "journal": version, "device": "cpu", "model": other }),
            "begun with other settings (precision, sha256);",
        ),
        (model.clone(), no_journal),
        ("my notes".into(), no_journal),
    ] {
        let kept = format!("{head}\n{line}\n");
        assert_refused(&folder, &out, kept.as_bytes(), reason);
    }
    for kept in [&b"\xff\xfe\0\x01"[..], b"\n", b"{}\n", b"half a download"] {
        assert_refused(&folder, &out, kept, no_journal);
    }
}

fn assert_refused(folder: &Folder, out: &Path, kept: &[u8], reason: &str) {
    fs::write(partial(out), kept).unwrap();
    let (data, path) = (folder.path(""), out.to_str().unwrap());
    let done = reid_web(&["embed", "--model", MODEL, "--data", &data, "--out", path]);
    let message = format!("{}: {reason}", partial(out).display());
    assert!(!done.status.success() && text(&done.stderr).contains(&message), "{}", text(&done.stderr));
    assert!(text(&done.stderr).contains("choose another --out, or remove it"), "{}", text(&done.stderr));
    assert_eq!(fs::read(partial(out)).unwrap(), kept);
    fs::remove_file(partial(out)).unwrap();
}

/// What a full disk leaves of its first line, which holds no work.
#[test]
fn a_journal_that_was_cut_off_in_its_first_line_is_started_over() {
    let (folder, out) = (Folder::with_two_identities("cut-journal"), fresh("cut-journal.json"));
    let (whole, _) = embed(&folder.path(""), &out);
    let head = json!({ "journal": env!("CARGO_PKG_VERSION"), "device": "cpu", "model": whole["model"] });
    for length in [0, 1, 20] {
        fs::write(partial(&out), &head.to_string()[..length]).unwrap();
        assert_eq!(embed(&folder.path(""), &out).0, whole, "{length}");
    }
}

#[cfg(unix)]
mod unix {
    use std::process::{Command, Output};

    use super::*;

    /// Embeds where no file may grow beyond 4 or 8 KiB, by the shell's units of 512 or 1024 bytes: a disk that is full.
    fn embed_on_a_full_disk(data: &str, out: &Path) -> Output {
        let limited = "trap '' XFSZ; ulimit -f 8; exec \"$0\" \"$@\"";
        let arguments = ["embed", "--model", MODEL, "--data", data, "--threads", "1", "--out"];
        let mut shell = Command::new("sh");
        shell.args(["-c", limited, env!("CARGO_BIN_EXE_reid-web")]).args(arguments).arg(out);
        shell.output().unwrap()
    }

    #[test]
    fn embed_continues_after_a_full_disk() {
        let (folder, out) = (Folder::new("continued"), fresh("continued.json"));
        for number in 0..27 {
            folder
                .add(format!("{}/{:04}/{number}.png", ["query", "gallery"][number % 2], number / 4), number);
        }
        let (whole, _) = embed(&folder.path(""), &out);
        fs::write(&out, "the old result").unwrap();
        let full = embed_on_a_full_disk(&folder.path(""), &out);
        assert_eq!(full.status.code(), Some(1));
        let reason = format!("{}: File too large", partial(&out).display());
        assert!(text(&full.stderr).contains(&reason), "{}", text(&full.stderr));
        assert_eq!(fs::read_to_string(&out).unwrap(), "the old result");
        let known = change_second_embedding(&partial(&out));
        // Files may move, and change: their content counts.
        fs::rename(folder.0.join("query"), folder.0.join("probe")).unwrap();
        folder.add("gallery/0000/1.png", 26);
        let (found, said) = embed(&folder.path(""), &out);
        assert!(said.contains(&format!("continuing after {known} images, from ")), "{said}");
        for number in (2..27).filter(|number| *number != 3) {
            assert_eq!(embedding(&found, number), embedding(&whole, number), "{number}");
        }
        assert_eq!(embedding(&found, 1), embedding(&whole, 26), "the file is another one now");
        let mut from_journal = embedding(&whole, 3);
        from_journal.reverse();
        assert_eq!(embedding(&found, 3), from_journal, "it is not embedded again");
    }

    /// Turns round what a journal says of its second image, the gallery's number 3; returns how many it has.
    fn change_second_embedding(journal: &Path) -> usize {
        let text = fs::read_to_string(journal).unwrap();
        assert!(!text.ends_with('\n'), "its last line is cut off: {text}");
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        assert!(lines.len() > 4, "{text}");
        let mut entry: Value = serde_json::from_str(&lines[2]).unwrap();
        entry["embedding"].as_array_mut().unwrap().reverse();
        lines[2] = entry.to_string();
        fs::write(journal, lines.join("\n")).unwrap();
        lines.len() - 2
    }

    fn embedding(whole: &Value, number: usize) -> Vec<Value> {
        let name = format!("/{number}.png");
        let is_it = |image: &&Value| image["path"].as_str().unwrap().ends_with(&name);
        whole["images"].as_array().unwrap().iter().find(is_it).unwrap()["embedding"]
            .as_array()
            .unwrap()
            .clone()
    }

    #[test]
    fn a_result_that_cannot_be_written_leaves_the_old_one_and_nothing_beside_it() {
        let folder = Folder::new("full");
        let out = folder.0.join("metrics.json");
        fs::write(&out, "the old result").unwrap();
        let limited = "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"";
        let arguments = ["evaluate", "--embeddings", "tests/fixtures/page/embeddings.json", "--out"];
        let mut shell = Command::new("sh");
        let full = shell.args(["-c", limited, env!("CARGO_BIN_EXE_reid-web")]).args(arguments).arg(&out);
        let full = full.output().unwrap();
        assert_eq!(full.status.code(), Some(1));
        assert!(text(&full.stderr).contains("metrics.json: File too large"), "{}", text(&full.stderr));
        assert_eq!(fs::read_to_string(&out).unwrap(), "the old result");
        assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 1);
    }

    #[test]
    fn a_result_replaces_what_a_link_leads_to_and_keeps_its_permissions() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = Folder::new("permissions");
        let (real, link) = (folder.0.join("real.json"), folder.0.join("link.json"));
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("real.json", &link).unwrap();
        let arguments = ["evaluate", "--embeddings", "tests/fixtures/page/embeddings.json", "--out"];
        assert!(reid_web(&[&arguments[..], &[link.to_str().unwrap()]].concat()).status.success());
        assert!(link.is_symlink());
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(read_json(&real)["cmc"].is_array());
    }
}
