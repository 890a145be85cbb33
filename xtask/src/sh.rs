//! Running programs: says each step, stops at the first failure.
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub type Result<T = ()> = std::result::Result<T, String>;

/// The clone's root folder.
pub fn root() -> PathBuf {
    // Cargo's variable at run time: a shared target folder may hold the build of another clone.
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("xtask"), PathBuf::from);
    manifest.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The release binary under test.
pub fn zhiyin() -> PathBuf {
    target().join("release/zhiyin")
}

pub fn step(what: &str) {
    eprintln!("\x1b[1m[xtask]\x1b[0m {what}");
}

pub fn run(command: &mut Command) -> Result {
    let name = format!("{command:?}");
    let status = command.status().map_err(|e| format!("{name}: {e}"))?;
    if status.success() { Ok(()) } else { Err(format!("{name} ended with {status}")) }
}

pub fn cargo(args: &[&str]) -> Result {
    run(Command::new("cargo").args(args).current_dir(root()))
}

pub fn npm(args: &[&str], folder: &Path) -> Result {
    run(Command::new("npm").args(args).current_dir(folder))
}

/// Standard output of a program that must succeed.
pub fn output(command: &mut Command) -> Result<String> {
    let name = format!("{command:?}");
    let out = command.stderr(Stdio::inherit()).output().map_err(|e| format!("{name}: {e}"))?;
    if !out.status.success() {
        return Err(format!("{name} ended with {}", out.status));
    }
    String::from_utf8(out.stdout).map_err(|e| format!("{name}: {e}"))
}

/// Files under `folder`, tracked or new, as git sees them (ignored ones left out), relative to the root.
pub fn files() -> Result<Vec<PathBuf>> {
    let list = output(Command::new("git").args(["ls-files", "-co", "--exclude-standard"]).current_dir(root()))?;
    Ok(list.lines().map(PathBuf::from).filter(|p| root().join(p).is_file()).collect())
}
