//! The web pages are embedded from `web/desk/dist`, which a build of the web workspace makes. Without it the program still
//! compiles (checks, tests of other parts) and says so when asked for a page.
fn main() {
    let dist = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/desk/dist");
    // A folder that cannot be made is reported by the embedding macro with a better message than ours.
    let _ = std::fs::create_dir_all(&dist);
    println!("cargo:rerun-if-changed={}", dist.display());
    println!("cargo:rerun-if-changed=build.rs");
}
