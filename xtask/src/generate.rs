//! Files made from the code: OpenAPI document, the web client's types, the configuration reference.
use crate::sh::{Result, npm, output, root, step, zhiyin};
use std::process::Command;

/// Writes them; with `check`, fails if the committed ones differ. Needs the release binary.
pub fn run(check: bool) -> Result {
    step("generated files");
    crate::ci::build_binary()?;
    let openapi = output(Command::new(zhiyin()).arg("openapi"))?;
    let configuration = output(Command::new(zhiyin()).args(["check", "--docs"]))?;
    settle("web/client/openapi.json", &openapi, check)?;
    settle("docs/configuration.md", &configuration, check)?;
    crate::web::install()?;
    let types = root().join("web/client/types.ts");
    let before = std::fs::read_to_string(&types).unwrap_or_default();
    npm(&["run", "--silent", "types"], &root().join("web"))?;
    let after = std::fs::read_to_string(&types).map_err(|e| format!("web/client/types.ts: {e}"))?;
    if check && before != after {
        return Err("web/client/types.ts is out of date: run `cargo xtask gen` and commit".into());
    }
    Ok(())
}

fn settle(path: &str, text: &str, check: bool) -> Result {
    let full = root().join(path);
    let before = std::fs::read_to_string(&full).unwrap_or_default();
    if before == text {
        return Ok(());
    }
    if check {
        return Err(format!("{path} is out of date: run `cargo xtask gen` and commit"));
    }
    std::fs::write(&full, text).map_err(|e| format!("{path}: {e}"))
}
