//! Where a prompt's WAV comes from.
use super::assets;
use domain::config::PromptSource;
use store::Store;

/// The WAV of a prompt, none when it cannot be had.
pub(super) async fn source(store: &Store, source: &PromptSource) -> Option<Vec<u8>> {
    match source {
        PromptSource::Builtin { asset } => assets::find(asset).map(|wav| wav.into_owned()),
        PromptSource::File { path } => {
            let blobs = store.blobs().inspect_err(|error| tracing::warn!(%error, "prompt store")).ok()?;
            blobs.get_prompt(path).await.inspect_err(|error| tracing::warn!(path, %error, "prompt file")).ok()
        }
        PromptSource::Speech { text } => {
            let _ = text;
            None
        }
    }
}
