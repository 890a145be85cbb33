//! The web pages: installed and built only when something they are made of changed.
use crate::sh::{Result, files, npm, root, step, target};
use std::hash::{DefaultHasher, Hash, Hasher};

/// `npm ci` and `npm run build`, skipped when sources and lock file are as in the last build.
pub fn build() -> Result {
    let web = root().join("web");
    install()?;
    let sources = fingerprint(|p| p.starts_with("web"))?;
    let stamp = target().join("web-build.stamp");
    if web.join("desk/dist/index.html").exists() && std::fs::read_to_string(&stamp).is_ok_and(|s| s == sources) {
        step("web: up to date");
        return Ok(());
    }
    step("web: building the pages");
    npm(&["run", "--silent", "build"], &web)?;
    write(&stamp, &sources)
}

/// `npm ci` when the lock file changed or node_modules is missing.
pub fn install() -> Result {
    let web = root().join("web");
    let lock = fingerprint(|p| p.starts_with("web") && p.ends_with("package-lock.json"))?;
    let stamp = web.join("node_modules/.zhiyin-lock");
    if std::fs::read_to_string(&stamp).is_ok_and(|s| s == lock) {
        return Ok(());
    }
    step("web: installing packages");
    // Not `npm ci`: it refuses a lock file without the optional builds of other platforms, which some mirrors do not carry.
    npm(&["install", "--no-audit", "--no-fund", "--loglevel=error"], &web)?;
    write(&stamp, &lock)
}

/// Biome, TypeScript, vitest, words in both languages, bundle sizes.
pub fn check() -> Result {
    install()?;
    step("web: check");
    npm(&["run", "--silent", "check"], &root().join("web"))
}

fn fingerprint(keep: impl Fn(&std::path::Path) -> bool) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for path in files()?.into_iter().filter(|p| keep(p)) {
        path.hash(&mut hasher);
        std::fs::read(root().join(&path)).map_err(|e| e.to_string())?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn write(path: &std::path::Path, text: &str) -> Result {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(|e| e.to_string())?;
    }
    std::fs::write(path, text).map_err(|e| format!("{}: {e}", path.display()))
}
