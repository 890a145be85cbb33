//! What must be green, in the order that finds trouble cheapest.
use crate::sh::{Result, cargo, npm, root, run, step, zhiyin};
use crate::{generate, pg, tidy, web};
use std::process::Command;

pub fn all() -> Result {
    lint()?;
    rust_tests()?;
    generate::run(true)?;
    contract()?;
    e2e(None)?;
    step("all green");
    Ok(())
}

/// Everything that needs no test: format, house rules, clippy, the web's own checks.
pub fn lint() -> Result {
    rules()?;
    web::build()?;
    step("clippy");
    cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--release", "--", "-D", "warnings"])?;
    web::check()
}

fn rules() -> Result {
    step("rustfmt");
    cargo(&["fmt", "--all", "--check"])?;
    tidy::check()
}

/// Every crate's tests; the store's on SQLite and on a PostgreSQL of their own.
pub fn rust_tests() -> Result {
    web::build()?;
    let postgres = pg::start()?;
    step("tests");
    run(Command::new("cargo")
        .args(["nextest", "run", "--release", "--workspace", "--no-fail-fast"])
        .current_dir(root())
        .env("TEST_PG_URL", &postgres.url))
}

pub fn build_binary() -> Result {
    web::build()?;
    step("release binary");
    cargo(&["build", "--release", "--quiet", "--bin", "zhiyin"])
}

/// Browser, interop and load tests against the release binary (Node's own test runner).
pub fn e2e(filter: Option<&str>) -> Result {
    step("end-to-end tests");
    let folder = root().join("e2e");
    if !folder.join("node_modules/playwright-core").exists() {
        npm(&["install", "--no-audit", "--no-fund", "--loglevel=error"], &folder)?;
    }
    // The load tests take minutes and want a quiet machine: they run when named.
    let folders: &[&str] = if filter.is_some() { &["browser", "interop", "load"] } else { &["browser", "interop"] };
    let mut files: Vec<_> = folders
        .iter()
        .filter_map(|d| std::fs::read_dir(folder.join(d)).ok())
        .flatten()
        .filter_map(|e| Some(e.ok()?.path()))
        .filter(|p| p.to_string_lossy().ends_with(".test.mjs"))
        .filter(|p| filter.is_none_or(|f| p.to_string_lossy().contains(f)))
        .collect();
    files.sort();
    if files.is_empty() {
        return Err(format!("no end-to-end test matches {filter:?}"));
    }
    run(Command::new("node")
        .args(["--test", "--test-concurrency=1", "--test-force-exit", "--test-reporter=spec"])
        .args(files)
        .current_dir(&folder)
        .env("ZHIYIN", zhiyin()))
}

/// schemathesis (from PyPI, in its own environment outside the clone) against the running binary.
pub fn contract() -> Result {
    step("contract: schemathesis");
    run(Command::new("sh").arg(root().join("e2e/contract/run.sh")).env("ZHIYIN", zhiyin()))
}
