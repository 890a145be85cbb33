//! Where a prompt's WAV comes from: the binary, the blob store, or a synthesiser whose work is kept in the blob store.
use super::assets;
use ai::tts::{Language, Synthesiser};
use domain::Pii;
use domain::config::{Label, Locale, PromptSource};
use store::Store;

/// Between the Chinese and the English sentence, ms.
const PAUSE_MS: u32 = 400;

/// The WAV of a prompt, none when it cannot be had.
pub(super) async fn source(store: &Store, source: &PromptSource) -> Option<Vec<u8>> {
    match source {
        PromptSource::Builtin { asset } => assets::find(asset).map(|wav| wav.into_owned()),
        PromptSource::File { path } => {
            let blobs = store.blobs().inspect_err(|error| tracing::warn!(%error, "prompt store")).ok()?;
            blobs.get_prompt(path).await.inspect_err(|error| tracing::warn!(path, %error, "prompt file")).ok()
        }
        PromptSource::Speech { text } => spoken(store, text).await,
    }
}

/// Speaks a text that concerns one person: made for this moment and kept nowhere.
pub(super) async fn personal(text: &Pii<String>, locale: Locale) -> Option<Vec<u8>> {
    let synthesiser = Synthesiser::detect().await?;
    let language = match locale {
        Locale::ZhCn => Language::Chinese,
        Locale::En => Language::English,
    };
    let said = synthesiser.say(language, text.reveal()).await;
    // The error may quote what was to be said.
    let speech = said.inspect_err(|_| tracing::warn!("a personal announcement could not be spoken")).ok()?;
    Some(media::wav::write_pcm16(speech.rate, 1, &speech.samples))
}

/// Speaks both languages of the text, Chinese first; the same text is synthesised once and kept.
async fn spoken(store: &Store, text: &Label) -> Option<Vec<u8>> {
    let blobs = store.blobs().inspect_err(|error| tracing::warn!(%error, "prompt store")).ok()?;
    let name = format!("speech-{:016x}.wav", fingerprint(text));
    if let Ok(wav) = blobs.get_prompt(&name).await {
        return Some(wav);
    }
    let Some(synthesiser) = Synthesiser::detect().await else {
        tracing::warn!("no speech synthesiser is installed (Debian: espeak-ng): spoken prompts are replaced by a tone");
        return None;
    };
    let (mut samples, mut rate) = (Vec::new(), 0);
    for (language, words) in [(Language::Chinese, &text.zh), (Language::English, &text.en)] {
        if words.trim().is_empty() {
            continue;
        }
        let speech = synthesiser.say(language, words).await.inspect_err(|error| tracing::warn!(%error, "speech")).ok()?;
        if !samples.is_empty() {
            samples.resize(samples.len() + (rate * PAUSE_MS / 1000) as usize, 0);
        }
        rate = speech.rate;
        samples.extend(speech.samples);
    }
    let wav = (!samples.is_empty()).then(|| media::wav::write_pcm16(rate, 1, &samples))?;
    if let Err(error) = blobs.put_prompt(&name, &wav).await {
        tracing::warn!(%error, "speech not kept; it will be made again");
    }
    Some(wav)
}

/// FNV-1a, 64 bits: names a cache entry, guards nothing.
fn fingerprint(text: &Label) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    text.zh.bytes().chain([0]).chain(text.en.bytes()).fold(0xcbf2_9ce4_8422_2325, step)
}
