//! The sounds that are part of the binary.
use rust_embed::RustEmbed;
use std::borrow::Cow;

#[derive(RustEmbed)]
#[folder = "assets/prompts/"]
struct Files;

/// A built-in WAV by its name without the ending.
pub(super) fn find(name: &str) -> Option<Cow<'static, [u8]>> {
    Files::get(&format!("{name}.wav")).map(|f| f.data)
}
