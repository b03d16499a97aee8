//! Pipes that are closed early, as `head` does, and outputs that are full.

use std::fs::{self, OpenOptions};
use std::process::{Command, Output, Stdio};

use crate::support::program::{DATA, Folder, MODEL, fresh, json, text};

const EXPORT: &str = "tests/fixtures/page/embeddings.json";

fn program(arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_reid-web"));
    program.args(arguments);
    program
}

/// Runs while nobody reads the standard output.
fn unread(arguments: &[&str]) -> Output {
    let mut program = program(arguments);
    let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    child.wait_with_output().unwrap()
}

#[test]
fn a_closed_pipe_ends_silently() {
    let out = fresh("closed.json");
    let file = out.to_str().unwrap();
    for arguments in [
        &["--help"][..],
        &["bench", "--model", MODEL],
        &["rank", "--embeddings", EXPORT],
        &["embed", "--embeddings", EXPORT],
        &["evaluate", "--embeddings", EXPORT, "--out", file],
        &["evaluate", "--model", MODEL, "--data", DATA, "--all-runs", "--out", file],
    ] {
        let _ = fs::remove_file(&out);
        let done = unread(arguments);
        assert!(done.status.success(), "{arguments:?}: {:?}", done.status);
        let said = text(&done.stderr);
        assert!(said.lines().all(|line| line.contains(": assumed, ")), "{arguments:?}: {said}");
        assert_eq!(out.exists(), arguments.contains(&file), "what is asked for is written: {arguments:?}");
    }
    assert!(json(&out)["summary"].is_object());
}

#[test]
fn without_stderr_everything_else_works() {
    let folder = Folder::with_two_identities("silent");
    fs::write(folder.0.join("query/0001/broken.png"), b"no image").unwrap();
    let data = folder.path("");
    let mut program = program(&["evaluate", "--model", MODEL, "--data", &data]);
    let mut child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stderr.take());
    let done = child.wait_with_output().unwrap();
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stdout).contains("2 of 3 queries evaluated"));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_an_error() {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let done = program(&["rank", "--embeddings", EXPORT]).stdout(full).output().unwrap();
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("standard output: No space left"), "{}", text(&done.stderr));
    let done = program(&["rank", "--embeddings", EXPORT, "--out", "/dev/full"]).output().unwrap();
    assert_eq!(done.status.code(), Some(1));
    assert!(text(&done.stderr).contains("/dev/full: No space left"), "{}", text(&done.stderr));
    let done =
        program(&["embed", "--model", MODEL, "--data", DATA, "--out", "/dev/stdout"]).output().unwrap();
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(text(&done.stdout).starts_with("{\"model\":"));
}
