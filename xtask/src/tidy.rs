//! House rules as a test. What it enforces is listed in CONTRIBUTING.md; each message says how to mend it.
use crate::sh::{Result, files, output, root, step};
use serde_json::Value;
use std::path::Path;
use std::process::Command;

/// Which of our crates may import which (normal dependencies). The picture is in ARCHITECTURE.md.
const EDGES: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("signaling", &[]),
    ("media", &[]),
    ("ai", &["domain"]),
    ("channels", &["domain"]),
    ("store", &["domain"]),
    ("engine", &["domain", "signaling", "media", "ai", "channels", "store"]),
    ("sim", &["domain"]),
    ("server", &["domain", "store", "engine", "sim"]),
    ("xtask", &[]),
];
/// Heavy families and the only crates that may name them.
const FENCES: &[(&str, &[&str])] = &[
    ("sea-orm", &["store"]),
    ("sqlx", &["store"]),
    ("axum", &["server"]),
    ("utoipa", &["server"]),
    ("str0m", &["media"]),
    ("audio-codec", &["media"]),
    ("opus", &["media"]),
    ("reqwest", &["channels"]),
    ("tokio", &["engine", "server", "ai", "channels", "store"]),
];
const BANNED_CRATES: &[&str] = &["ring", "openssl-sys", "native-tls"];
const FILE_LINES_MAX: usize = 1000;
const FN_LINES_MAX: usize = 100;

pub fn check() -> Result {
    step("tidy");
    let mut complaints = Vec::new();
    edges(&mut complaints)?;
    for path in files()? {
        let Ok(text) = std::fs::read_to_string(root().join(&path)) else { continue };
        match path.extension().and_then(|e| e.to_str()) {
            Some("rs") => rust_file(&path, &text, &mut complaints),
            Some("ts" | "tsx" | "mjs" | "py") => too_long(&path, &text, &mut complaints),
            _ => {}
        }
        words(&path, &text, &mut complaints);
    }
    if complaints.is_empty() {
        return Ok(());
    }
    complaints.sort();
    Err(format!("tidy found {}:\n  {}", complaints.len(), complaints.join("\n  ")))
}

fn edges(complaints: &mut Vec<String>) -> Result {
    let text = output(Command::new("cargo").args(["metadata", "--format-version", "1", "--no-deps"]).current_dir(root()))?;
    let metadata: Value = serde_json::from_str(&text).map_err(|e| e.to_string())?;
    let ours: Vec<&str> = EDGES.iter().map(|(n, _)| *n).collect();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        let Some((_, allowed)) = EDGES.iter().find(|(n, _)| *n == name) else {
            complaints.push(format!("crate {name} is not in xtask's table of crates: a crate needs a reason, see CONTRIBUTING.md"));
            continue;
        };
        // `kind` is null for normal dependencies.
        for dep in package["dependencies"].as_array().into_iter().flatten().filter(|d| d["kind"].is_null()) {
            let dep = dep["name"].as_str().unwrap_or_default();
            if ours.contains(&dep) && !allowed.contains(&dep) {
                complaints.push(format!("{name} must not import {dep}: see the picture in ARCHITECTURE.md"));
            }
            if let Some((_, who)) = FENCES.iter().find(|(n, _)| *n == dep)
                && !who.contains(&name)
            {
                complaints.push(format!("{name} must not use {dep}: it is fenced into {who:?}"));
            }
        }
    }
    // What is really built into the binary on this target, not all that the lock file knows.
    let tree = output(Command::new("cargo").args(["tree", "-p", "server", "--edges", "normal", "--prefix", "none"]).current_dir(root()))?;
    for banned in BANNED_CRATES {
        if tree.lines().any(|l| l.split(' ').next() == Some(banned)) {
            complaints.push(format!("{banned} is linked: aws-lc-rs is the one crypto provider, find it with `cargo tree -i {banned}`"));
        }
    }
    Ok(())
}

fn too_long(path: &Path, text: &str, complaints: &mut Vec<String>) {
    let lines = text.lines().count();
    if lines > FILE_LINES_MAX && !path.ends_with("types.ts") {
        complaints.push(format!("{}: {lines} lines, the most is {FILE_LINES_MAX}: split by machine, not by helper", path.display()));
    }
}

fn rust_file(path: &Path, text: &str, complaints: &mut Vec<String>) {
    too_long(path, text, complaints);
    let own = path.ends_with("xtask/src/tidy.rs");
    let lines: Vec<&str> = text.lines().collect();
    for (n, line) in lines.iter().enumerate() {
        for banned in ["todo!(", "unimplemented!(", "dbg!("] {
            if !own && line.contains(banned) {
                complaints.push(format!("{}:{}: {banned}…) never lands", path.display(), n + 1));
            }
        }
        if !own && (line.contains("#[ignore") || line.contains("std::thread::sleep(")) {
            complaints.push(format!("{}:{}: no ignored tests, nothing sleeps", path.display(), n + 1));
        }
        if let Some(length) = function_length(&lines, n)
            && length > FN_LINES_MAX
        {
            complaints.push(format!("{}:{}: a function of {length} lines, the most is {FN_LINES_MAX}", path.display(), n + 1));
        }
    }
}

/// Lines of the function whose signature starts at `start`, if one does: to the closing brace at the same indent (rustfmt's shape).
fn function_length(lines: &[&str], start: usize) -> Option<usize> {
    let line = lines[start];
    let indent = line.len() - line.trim_start().len();
    let mut rest = line.trim_start();
    for word in ["pub(crate) ", "pub(super) ", "pub ", "const ", "async ", "unsafe "] {
        rest = rest.strip_prefix(word).unwrap_or(rest);
    }
    if !rest.starts_with("fn ") || line.trim_end().ends_with('}') || line.trim_end().ends_with(';') {
        return None;
    }
    let close = format!("{}}}", " ".repeat(indent));
    lines[start..].iter().position(|l| *l == close).map(|n| n + 1)
}

fn words(path: &Path, text: &str, complaints: &mut Vec<String>) {
    if path.ends_with("package-lock.json") && text.contains("\"resolved\": \"http") {
        complaints.push(format!("{}: names the address of a package mirror: run npm with omit-lockfile-registry-resolved", path.display()));
    }
}
